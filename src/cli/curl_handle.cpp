#include "cli/curl_handle.hpp"

namespace parley::cli {

namespace {

constexpr long connect_timeout_ms = 10'000;

}  // namespace

CurlHandle make_curl(const std::string& url) {
    CurlHandle curl(curl_easy_init(), &curl_easy_cleanup);
    if (!curl) return curl;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");  // the environment's would be asked for 127.0.0.1 too
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    return curl;
}

}  // namespace parley::cli
