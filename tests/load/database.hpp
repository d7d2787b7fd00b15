#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/statement.hpp"
#include "store/store.hpp"

namespace parley::load {

/// A database of our own, empty at first, and a folder for the server. Gone with the object.
class Database {
public:
    /// The folder is made within `parent`, on whose disk SQLite writes; PostgreSQL's own is among the
    /// system's temporary files.
    Database(store::Dialect dialect, const std::filesystem::path& parent);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// Opens it in its latest schema, with a home company.
    [[nodiscard]] std::unique_ptr<store::Store> open() const;

    /// Has it look at what it holds, as it does by itself now and then.
    void analyze() const;

private:
    std::filesystem::path folder_;
    std::string url_;
    store::Dialect dialect_;
};

}  // namespace parley::load
