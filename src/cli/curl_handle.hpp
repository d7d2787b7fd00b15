#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

namespace parley::cli {

using CurlHandle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

/// libcurl, set up as every connection of ours needs it to ask the server at `url`, http or https. Null when
/// memory is short.
[[nodiscard]] CurlHandle make_curl(const std::string& url);

/// Has the body of the answer put behind what is in `body`, which must outlive the transfer. A body that is
/// longer than any of ours ends the transfer with an error.
void gather_body(const CurlHandle& curl, std::string& body);

}  // namespace parley::cli
