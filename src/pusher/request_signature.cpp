#include "pusher/request_signature.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "pusher/quote.hpp"

namespace parley::pusher {

namespace {

constexpr std::string_view auth_version = "1.0";
constexpr int unauthorised = 401;

using Checked = tl::expected<void, RequestRefusal>;

tl::unexpected<RequestRefusal> refuse(RefusalCode code, std::string sentence, std::string compared = "") {
    return tl::make_unexpected(RequestRefusal{unauthorised, code, std::move(sentence), std::move(compared)});
}

std::uint64_t distance(std::int64_t a, std::int64_t b) {
    const auto least = static_cast<std::uint64_t>(std::min(a, b));
    return static_cast<std::uint64_t>(std::max(a, b)) - least;
}

Checked check_presence(const Query& query) {
    for (const std::string_view name : {"auth_key", "auth_signature", "auth_timestamp", "auth_version"})
        if (!query.find(name))
            return refuse(RefusalCode::auth_missing,
                          "The query parameter " + std::string(name) + " is missing.");
    if (*query.find("auth_version") != auth_version)
        return refuse(RefusalCode::auth_version,
                      "auth_version must be 1.0, not " + quote(*query.find("auth_version")) + ".");
    if (!parse_integer(*query.find("auth_timestamp")))
        return refuse(RefusalCode::timestamp_malformed, "auth_timestamp must be Unix time in seconds, not " +
                                                            quote(*query.find("auth_timestamp")) + ".");
    return {};
}

Checked check_key(const Query& query, std::string_view key) {
    if (*query.find("auth_key") == key) return {};
    return refuse(RefusalCode::wrong_key,
                  "auth_key " + quote(*query.find("auth_key")) + " is not the key of this app.");
}

Checked check_age(const Query& query, SignatureAge age) {
    constexpr std::int64_t ms_per_s = 1'000;
    const auto signed_s = parse_integer(*query.find("auth_timestamp")).value_or(0);
    const auto off_s = distance(age.now_s, signed_s);
    const auto max_s = static_cast<std::uint64_t>(age.max_s);
    if (age.max_s == 0 || off_s <= max_s) return {};
    if (distance(age.now_s, signed_s / ms_per_s) <= max_s)
        return refuse(RefusalCode::timestamp_in_milliseconds,
                      "auth_timestamp is " + std::to_string(signed_s) + ", the server's clock says " +
                          std::to_string(age.now_s) + ": it must be in seconds, not in milliseconds.");
    return refuse(RefusalCode::clock_off, "auth_timestamp is " + std::to_string(signed_s) +
                                              ", the server's clock says " + std::to_string(age.now_s) +
                                              ": " + std::to_string(off_s) + " s apart, at most " +
                                              std::to_string(age.max_s) +
                                              " are allowed (limits.max_signature_age). Check both clocks.");
}

Checked check_body(const Query& query, std::string_view body) {
    const auto given = query.find("body_md5");
    if (!given && body.empty()) return {};
    if (!given)
        return refuse(RefusalCode::body_md5_missing,
                      "The query parameter body_md5 is missing; the request has a body.");
    const auto actual = crypto::md5_hex(body);
    if (*given == actual) return {};
    return refuse(RefusalCode::body_md5_wrong, "body_md5 is " + quote(*given) + ", the body of " +
                                                   std::to_string(body.size()) + " bytes that arrived has '" +
                                                   actual + "'.");
}

/// Whether the signature fits the request with this path, as it is or percent-decoded.
bool fits(const SignedRequest& request, std::string_view path, const Query& query,
          const Credentials& credentials) {
    const auto signs = [&](std::string_view candidate) {
        return credentials.verify(request_string_to_sign(request.method, candidate, query),
                                  *query.find("auth_signature"));
    };
    return signs(path) || (path.find('%') != std::string_view::npos && signs(percent_decode(path)));
}

Checked check_signature(const SignedRequest& request, const Query& query, const Credentials& credentials) {
    if (fits(request, request.path, query, credentials)) return {};
    const auto& prefix = request.path_prefix;
    const bool prefixed = !prefix.empty() && request.path.starts_with(prefix);
    if (prefixed && fits(request, request.path.substr(prefix.size()), query, credentials)) return {};
    return refuse(RefusalCode::wrong_signature, "auth_signature does not match.",
                  as_compared(request_string_to_sign(request.method, request.path, query)));
}

void append_percent_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    append_percent_encoded(query, name);
    query += '=';
    append_percent_encoded(query, value);
}

}  // namespace

std::string request_string_to_sign(std::string_view method, std::string_view path, const Query& query) {
    std::string text(method);
    return text.append("\n").append(path).append("\n").append(query.canonical());
}

tl::expected<void, RequestRefusal> verify_request(const SignedRequest& request, const Query& query,
                                                  Credentials credentials, SignatureAge age) {
    return check_presence(query)
        .and_then([&] { return check_key(query, credentials.key); })
        .and_then([&] { return check_age(query, age); })
        .and_then([&] { return check_body(query, request.body); })
        .and_then([&] { return check_signature(request, query, credentials); });
}

tl::expected<std::string, DuplicateParameter> signed_query(Credentials credentials, std::string_view method,
                                                           std::string_view path,
                                                           std::span<const QueryParameter> parameters,
                                                           std::string_view body, std::int64_t timestamp_s) {
    std::string text;
    for (const auto& parameter : parameters) append_parameter(text, parameter.name, parameter.value);
    append_parameter(text, "auth_key", credentials.key);
    append_parameter(text, "auth_timestamp", std::to_string(timestamp_s));
    append_parameter(text, "auth_version", auth_version);
    if (!body.empty()) append_parameter(text, "body_md5", crypto::md5_hex(body));
    const auto query = Query::parse(text);
    if (!query) return tl::unexpected(query.error());
    if (query->find("auth_signature")) return tl::unexpected(DuplicateParameter{"auth_signature"});
    append_parameter(text, "auth_signature", credentials.sign(request_string_to_sign(method, path, *query)));
    return text;
}

}  // namespace parley::pusher
