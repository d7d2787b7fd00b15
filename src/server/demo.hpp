#pragma once

#include <string_view>

#include "http/router.hpp"
#include "hub/app.hpp"

namespace parley::server {

/// Adds the demo page: its files, its settings, and an endpoint that lets anybody subscribe to the two
/// channels of the demo, and to no other, as whoever they say they are. `app` must outlive the router.
void add_demo(http::Router& router, const hub::App& app, std::string_view path_prefix);

}  // namespace parley::server
