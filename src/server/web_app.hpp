#pragma once

#include <span>

#include "config/settings.hpp"
#include "http/router.hpp"
#include "web/assets.hpp"

namespace parley::server {

/// Adds the web app: its files, its index under every page of the app, and `/web/config.json`, which tells it
/// what it must know of the server. `assets` must outlive the router and have a file at `web::index_path`.
void add_web_app(http::Router& router, const config::Settings& settings, std::span<const web::Asset> assets);

}  // namespace parley::server
