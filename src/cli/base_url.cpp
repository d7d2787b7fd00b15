#include "cli/base_url.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::cli {

namespace {

/// What may not stand in a request line or a header.
bool is_unsafe(char c) { return static_cast<std::uint8_t>(c) <= ' ' || c == 0x7f; }

}  // namespace

tl::expected<BaseUrl, std::string> parse_base_url(std::string_view text) {
    const auto refused = [text](std::string_view why) {
        return tl::unexpected(fmt::format("'{}' is no address of a server: {}.", text, why));
    };
    const auto colon = text.find("://");
    if (colon == std::string_view::npos)
        return refused("it must begin with http://, https://, ws:// or wss://");
    const auto scheme = to_lower_ascii(text.substr(0, colon));
    BaseUrl url;
    url.secure = scheme == "https" || scheme == "wss";
    if (!url.secure && scheme != "http" && scheme != "ws")
        return refused("its scheme must be http, https, ws or wss");
    const auto rest = text.substr(colon + 3);
    if (std::any_of(rest.begin(), rest.end(), is_unsafe))
        return refused("it contains a space or a control character");
    if (rest.find_first_of("?#@") != std::string_view::npos)
        return refused("only a host, a port and a path may follow");
    const auto slash = std::min(rest.find('/'), rest.size());
    url.authority = rest.substr(0, slash);
    url.path = rest.substr(slash);
    while (url.path.ends_with('/')) url.path.pop_back();
    if (url.authority.empty()) return refused("the host is missing");
    return url;
}

BaseUrl local_url(const config::Settings& settings) {
    auto host = settings.host;
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "::") host = "::1";
    if (host.find(':') != std::string::npos) host = fmt::format("[{}]", host);
    const bool secure = !settings.tls.certificate.empty();
    return {secure, fmt::format("{}:{}", host, settings.port), settings.path_prefix};
}

std::string http_url(const BaseUrl& url) {
    return fmt::format("{}://{}{}", url.secure ? "https" : "http", url.authority, url.path);
}

}  // namespace parley::cli
