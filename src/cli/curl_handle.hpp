#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

namespace parley::cli {

using CurlHandle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

/// libcurl, set up as every connection of ours needs it to ask the server at `url`, http or https. Null when
/// memory is short.
[[nodiscard]] CurlHandle make_curl(const std::string& url);

}  // namespace parley::cli
