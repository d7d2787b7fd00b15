#pragma once

#include <string>
#include <utility>

#include "store/connection.hpp"

namespace parley::store {

/// A PostgreSQL database: its writers take turns over all nodes, so that commits have one order.
class PostgresqlDatabase final : public Database {
public:
    explicit PostgresqlDatabase(std::string url) : url_(std::move(url)) {}

    [[nodiscard]] tl::expected<std::unique_ptr<Connection>, OpenError> connect(
        Store::Access access, const GoOn& go_on) const override;

private:
    std::string url_;
};

}  // namespace parley::store
