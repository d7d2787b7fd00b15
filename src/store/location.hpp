#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "store/statement.hpp"
#include "store/store.hpp"

namespace parley::store {

/// Where a database is, as its URL says.
struct Location {
    Dialect dialect = Dialect::sqlite;
    std::string address;  // SQLite: the path of the file; PostgreSQL: the whole URL, with its password
};

/// Reads `sqlite:PATH`, `postgresql://…` or `postgres://…`. Messages never repeat the URL.
[[nodiscard]] tl::expected<Location, OpenError> parse_location(std::string_view url);

}  // namespace parley::store
