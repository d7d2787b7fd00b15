#include "cli/operations_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include "cli/base_url.hpp"
#include "cli/curl_handle.hpp"
#include "cli/trigger.hpp"

namespace parley::cli {

namespace {

constexpr long answer_timeout_ms = 10'000;
constexpr long ok = 200;

tl::expected<std::string, std::string> base_of(const config::Settings& settings,
                                               const std::optional<std::string>& url) {
    if (url) return parse_base_url(*url).map([](const BaseUrl& base) { return http_url(base); });
    const auto& metrics = settings.metrics;
    if (!metrics.enabled)
        return tl::unexpected(std::string("metrics.enabled is false: the server answers no such question."));
    if (metrics.port == 0)
        return tl::unexpected(
            std::string("metrics.port is 0, any free port: say with --url which one the server took."));
    auto second = settings;
    second.host = metrics.host;
    second.port = metrics.port;
    second.path_prefix.clear();
    second.tls = {};
    return http_url(local_url(second));
}

}  // namespace

tl::expected<std::string, std::string> ask_operations(const config::Settings& settings,
                                                      const std::optional<std::string>& url,
                                                      std::string_view target) {
    const auto base = base_of(settings, url);
    if (!base) return base;
    const auto curl = make_curl(fmt::format("{}{}", *base, target));
    if (!curl) return tl::unexpected(std::string("out of memory."));
    std::string body;
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, answer_timeout_ms);
    gather_body(curl, body);
    const auto result = curl_easy_perform(curl.get());
    if (result == CURLE_COULDNT_CONNECT)
        return tl::unexpected(fmt::format(
            "No server answers at {}. Is it running, and is that its metrics.host and metrics.port?", *base));
    if (result != CURLE_OK) return tl::unexpected(fmt::format("{}: {}.", *base, curl_easy_strerror(result)));
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == ok) return body;
    return tl::unexpected(fmt::format("{}: {}", *base, refusal_sentence(status, body)));
}

}  // namespace parley::cli
