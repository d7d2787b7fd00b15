#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace parley::cli {

/// Where a server is reached.
struct BaseUrl {
    bool secure = false;    // over TLS
    std::string authority;  // host and port as the URL had them; what the Host header says
    std::string path;       // the server's path prefix: empty, or with a slash in front and none behind
};

/// Reads http, https, ws and wss URLs alike. The error is a sentence.
[[nodiscard]] tl::expected<BaseUrl, std::string> parse_base_url(std::string_view text);

/// The server that runs on this machine with these settings.
[[nodiscard]] BaseUrl local_url(const config::Settings& settings);

/// `http://127.0.0.1:6001/prefix`.
[[nodiscard]] std::string http_url(const BaseUrl& url);

}  // namespace parley::cli
