#pragma once

#include <string>
#include <utility>

#include "store/connection.hpp"

namespace parley::store {

/// An SQLite file: its writer and its readers.
class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] tl::expected<std::unique_ptr<Connection>, OpenError> connect(
        Store::Access access, const GoOn& go_on) const override;

private:
    std::string path_;
};

}  // namespace parley::store
