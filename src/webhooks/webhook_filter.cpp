#include "webhooks/webhook_filter.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "json/writer.hpp"

namespace parley::webhooks {

namespace {

// Half of a SHA-256 in hex: nobody meets two with the same one.
constexpr std::size_t digest_digits = 32;

std::string digest(std::string_view text) { return crypto::sha256_hex(text).substr(0, digest_digits); }

}  // namespace

bool wants(const hub::Webhook& webhook, Kind kind, std::string_view channel) {
    const auto& kinds = webhook.event_types;
    if (!kinds.empty() && std::ranges::find(kinds, name_of(kind)) == kinds.end()) return false;
    return channel.starts_with(webhook.channel_name_starts_with) &&
           channel.ends_with(webhook.channel_name_ends_with);
}

std::string fingerprint(const hub::Webhook& webhook) {
    std::string text;
    json::Writer writer(text);
    writer.begin_array().string(webhook.url);
    writer.string(webhook.channel_name_starts_with).string(webhook.channel_name_ends_with);
    for (const auto& kind : webhook.event_types) writer.string(kind);
    writer.end_array();
    return digest(text);
}

std::string endpoint_of(std::string_view app_id, std::string_view url) {
    return endpoint_prefix(app_id) + digest(url);
}

std::string endpoint_prefix(std::string_view app_id) { return std::string(app_id) + ' '; }

std::string_view app_of_endpoint(std::string_view endpoint) { return endpoint.substr(0, endpoint.find(' ')); }

}  // namespace parley::webhooks
