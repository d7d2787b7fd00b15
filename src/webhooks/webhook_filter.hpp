#pragma once

#include <string>
#include <string_view>

#include "hub/app.hpp"
#include "webhooks/event.hpp"

namespace parley::webhooks {

/// Whether a webhook is to be told of events of this kind on this channel (HTTP API, "Webhooks",
/// configuration).
[[nodiscard]] bool wants(const hub::Webhook& webhook, Kind kind, std::string_view channel);

/// What a waiting request remembers of its webhook: the same as long as URL, kinds and filter are, whatever
/// headers are sent along. Tells nothing of the URL, which may be secret.
[[nodiscard]] std::string fingerprint(const hub::Webhook& webhook);

/// Where requests stay in order: all that one app sends to one URL. Begins with the app's id and a space, and
/// tells nothing of the URL either.
[[nodiscard]] std::string endpoint_of(std::string_view app_id, std::string_view url);

/// The beginning of the names of all endpoints of an app, and of no other app.
[[nodiscard]] std::string endpoint_prefix(std::string_view app_id);

/// The id of the app whose endpoint it is.
[[nodiscard]] std::string_view app_of_endpoint(std::string_view endpoint);

}  // namespace parley::webhooks
