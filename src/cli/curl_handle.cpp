#include "cli/curl_handle.hpp"

namespace parley::cli {

namespace {

constexpr long connect_timeout_ms = 10'000;
constexpr std::size_t body_bytes_max = 16'777'216;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* body) {
    auto& text = *static_cast<std::string*>(body);
    if (text.size() + size * count > body_bytes_max) return 0;  // curl ends the transfer with an error
    text.append(bytes, size * count);
    return size * count;
}

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

void gather_body(const CurlHandle& curl, std::string& body) {
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
}

}  // namespace parley::cli
