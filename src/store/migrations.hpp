#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace parley::store {

/// One step of the schema, as a file for each dialect in `migrations/` says it.
struct Migration {
    std::int64_t version = 0;  // 1, 2, 3… without gaps
    std::string_view name;
    std::string_view sqlite;
    std::string_view postgresql;
};

/// All of them, in their order. Embedded at build time (embed_migrations.cmake).
[[nodiscard]] std::span<const Migration> migrations();

}  // namespace parley::store
