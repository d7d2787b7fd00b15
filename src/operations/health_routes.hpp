#pragma once

#include <cstdint>
#include <string_view>

#include "http/router.hpp"
#include "hub/directory.hpp"

namespace parley::operations {

/// What health is judged by.
struct Health {
    const hub::Directory& directory;  // must outlive the router
    std::int64_t memory_percent_max;  // limits.accept_traffic_memory
};

/// Adds what load balancers ask, each without and, unless `path_prefix` is empty, with the prefix:
/// `GET /live`, 200 while the process serves; `GET /ready`, 200 while new work is welcome, else 503; `GET
/// /up` the same with Reverb's body and the header `X-Health-Check`; `GET /up/ID` also 404 when there is no
/// such app; `GET /accept-traffic`, soketi's, 503 also when little memory is left. None needs a signature.
void add_health_routes(http::Router& router, const Health& health, std::string_view path_prefix);

/// `{"free","used","total","percent"}` of the memory in bytes, soketi's `GET /usage`.
[[nodiscard]] http::Response memory_usage();

/// `GET /ready` alone, for another port.
[[nodiscard]] http::Response readiness(const hub::Directory& directory);

/// 200 and `OK`.
[[nodiscard]] http::Response alive();

}  // namespace parley::operations
