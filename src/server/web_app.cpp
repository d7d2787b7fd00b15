#include "server/web_app.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/check.hpp"
#include "crypto/digest.hpp"
#include "http/content_coding.hpp"
#include "http/etag.hpp"
#include "server/web_app_config.hpp"

namespace parley::server {

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The pages that the app draws itself. Whichever of them a browser asks for, it gets the index.
constexpr std::array pages = {
    std::string_view("/"),
    std::string_view("/sign-in"),
    std::string_view("/register"),
    std::string_view("/chat"),
    std::string_view("/chat/{conversation}"),
    std::string_view("/chat/{conversation}/{message}"),
    std::string_view("/notifications"),
    std::string_view("/campaigns"),
    std::string_view("/campaigns/{campaign}"),
    std::string_view("/money"),
    std::string_view("/money/withdrawals"),
    std::string_view("/settings"),
    std::string_view("/settings/{section}"),
};

/// For how long a file may be kept whose name changes with its content: a year, the customary "for ever".
constexpr std::string_view keep_for_ever = "public, max-age=31536000, immutable";
/// May be kept, and is asked for again each time.
constexpr std::string_view always_revalidate = "no-cache";

/// No inline code, nothing from elsewhere, in nobody's frame; `blob:` is for files that were fetched with a
/// token.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue parley";

/// What the app has no use for, so that nobody who got into the page has, either.
constexpr std::string_view permissions_policy =
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), "
    "usb=(), xr-spatial-tracking=()";

Headers headers_of(std::string_view etag, std::string_view cache_control) {
    return {{"ETag", std::string(etag)},
            {"Cache-Control", std::string(cache_control)},
            {"Content-Security-Policy", std::string(content_security_policy)},
            {"X-Content-Type-Options", "nosniff"},
            {"X-Frame-Options", "DENY"},
            {"Referrer-Policy", "no-referrer"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
            {"Cross-Origin-Resource-Policy", "same-origin"},
            {"Permissions-Policy", std::string(permissions_policy)}};
}

/// A body and the coding that it is in, by its name in `Content-Encoding`; empty for none.
struct Representation {
    const web::AssetBody* body;
    std::string_view coding;
};

/// The one that the peer wants most and, among those it wants alike, the smallest. Identity when it wants
/// none.
Representation choose(const web::Asset& asset, const http::Request& request) {
    Representation best{&asset.identity, ""};
    auto best_weight = http::coding_weight(request, "identity");
    for (const auto& candidate : {Representation{&asset.gzip, "gzip"}, Representation{&asset.brotli, "br"}}) {
        const auto weight = http::coding_weight(request, candidate.coding);
        if (candidate.body->bytes.empty() || weight == 0 || weight < best_weight) continue;
        if (weight == best_weight && candidate.body->bytes.size() >= best.body->bytes.size()) continue;
        best = candidate;
        best_weight = weight;
    }
    return best;
}

/// `whole`, or 304 when the peer has it already; with what goes with every answer.
http::Response answer(const http::Request& request, std::string_view etag, std::string_view cache_control,
                      http::Response whole) {
    if (http::if_none_match(request, etag)) {
        whole = {};
        whole.status = 304;
    }
    for (auto& header : headers_of(etag, cache_control)) whole.headers.push_back(std::move(header));
    return whole;
}

http::Response serve_asset(const web::Asset& asset, const http::Request& request) {
    const auto [body, coding] = choose(asset, request);
    http::Response whole;
    whole.content_type = asset.content_type;
    if (!coding.empty()) whole.headers.emplace_back("Content-Encoding", coding);
    whole.static_body = body->bytes;
    const bool hashed = asset.name == web::AssetName::hashed;
    auto response = answer(request, body->etag, hashed ? keep_for_ever : always_revalidate, std::move(whole));
    response.headers.emplace_back("Vary", "Accept-Encoding");
    return response;
}

http::Handler asset_handler(const web::Asset& asset) {
    return [&asset](const http::Request& request, const auto&) { return serve_asset(asset, request); };
}

http::Handler config_handler(const config::Settings& settings) {
    auto body = web_app_config(settings);
    auto etag = fmt::format("\"{}\"", crypto::sha256_hex(body));
    return [body = std::move(body), etag = std::move(etag)](const http::Request& request, const auto&) {
        return answer(request, etag, always_revalidate, http::json_response(200, body));
    };
}

}  // namespace

void add_web_app(http::Router& router, const config::Settings& settings, std::span<const web::Asset> assets) {
    const auto index = std::ranges::find(assets, web::index_path, &web::Asset::path);
    PARLEY_CHECK(index != assets.end(), "the web app has an index");
    for (const auto page : pages) router.add("GET", page, asset_handler(*index));
    for (const auto& asset : assets)
        if (asset.path != web::index_path) router.add("GET", asset.path, asset_handler(asset));
    router.add("GET", "/web/config.json", config_handler(settings));
}

}  // namespace parley::server
