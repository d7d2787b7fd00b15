#include "server/demo.hpp"

#include <memory>
#include <string>
#include <utility>

#include "base/utf8.hpp"
#include "crypto/hmac.hpp"
#include "json/writer.hpp"
#include "pusher/query.hpp"
#include "pusher/signature.hpp"
#include "web/assets.hpp"

namespace parley::server {

namespace {

constexpr std::string_view message_channel = "private-demo";
constexpr std::string_view presence_channel = "presence-demo";
constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t form_bytes_max = 4'096;

// No inline code, nothing from elsewhere, in nobody's frame.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: "
    "wss:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

http::Response serve_asset(const web::Asset& asset, const http::Request& request) {
    http::Response response;
    response.headers = {{"ETag", std::string(asset.etag)},
                        {"Cache-Control", "no-cache"},
                        {"Content-Security-Policy", std::string(content_security_policy)},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Referrer-Policy", "no-referrer"}};
    if (request.header_has_token("If-None-Match", asset.etag)) {
        response.status = 304;
        return response;
    }
    response.content_type = asset.content_type;
    response.static_body = asset.body;
    return response;
}

std::string page_settings(const hub::App& app, std::string_view path_prefix) {
    std::string body;
    json::Writer(body)
        .begin_object()
        .name("key")
        .string(app.key)
        .name("path_prefix")
        .string(path_prefix)
        .end_object();
    return body;
}

std::string member_data(std::string_view user_id, std::string_view user_name) {
    std::string data;
    json::Writer(data)
        .begin_object()
        .name("user_id")
        .string(user_id)
        .name("user_info")
        .begin_object()
        .name("name")
        .string(user_name)
        .end_object()
        .end_object();
    return data;
}

/// A text field of the form that may be shown to others; empty when it may not.
std::optional<std::string_view> shown_text(const pusher::Query& form, std::string_view name) {
    const auto value = form.find(name);
    if (!value || value->empty() || value->size() > name_bytes_max || !is_valid_utf8(*value))
        return std::nullopt;
    return value;
}

/// What an application's own authorisation endpoint answers (channels protocol, "Authorization").
http::Response authorise(const pusher::Credentials& credentials, const http::Request& request) {
    if (request.body.size() > form_bytes_max)
        return http::error_response(413, "The form has more than 4,096 bytes.");
    const auto form = pusher::Query::parse(request.body);
    if (!form) return http::error_response(400, "A field of the form stands there twice.");
    const auto socket_id = pusher::parse_socket_id(form->find("socket_id").value_or(""));
    if (!socket_id) return http::error_response(400, "socket_id is no socket id of this server.");

    const auto channel = form->find("channel_name").value_or("");
    std::string channel_data;
    if (channel == presence_channel) {
        const auto user_id = shown_text(*form, "user_id");
        const auto user_name = shown_text(*form, "user_name");
        if (!user_id || !user_name)
            return http::error_response(400, "user_id and user_name must be 1 to 100 bytes of UTF-8.");
        channel_data = member_data(*user_id, *user_name);
    } else if (channel != message_channel) {
        return http::error_response(403, "The demo signs its own two channels only.");
    }

    const auto signed_data =
        channel_data.empty() ? std::nullopt : std::optional<std::string_view>(channel_data);
    std::string body;
    json::Writer answer(body);
    answer.begin_object().name("auth").string(
        pusher::make_auth(credentials, pusher::channel_string_to_sign(*socket_id, channel, signed_data)));
    if (signed_data) answer.name("channel_data").string(*signed_data);
    answer.end_object();
    return http::json_response(200, std::move(body));
}

}  // namespace

void add_demo(http::Router& router, const hub::App& app, std::string_view path_prefix) {
    for (const auto& asset : web::assets())
        router.add("GET", asset.path, [&asset](const http::Request& request, const auto&) {
            return serve_asset(asset, request);
        });
    router.add("GET", "/demo/config.json",
               [body = page_settings(app, path_prefix)](const auto&, const auto&) {
                   return http::json_response(200, body);
               });
    // The router of each loop has a signer of its own.
    router.add(
        "POST", "/demo/auth",
        [&app, hmac = std::make_shared<crypto::HmacSha256>(app.secret)](
            const http::Request& request, const auto&) { return authorise({app.key, *hmac}, request); });
}

}  // namespace parley::server
