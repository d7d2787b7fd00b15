#pragma once

#include <string>
#include <vector>

#include "config/app_fields.hpp"

namespace parley::config {

/// Reads a list of webhooks (HTTP API, "Webhooks", configuration): `url`, `event_types`, `headers` and
/// `filter` with `channel_name_starts_with` and `channel_name_ends_with`. False when it is no list of tables;
/// of what is wrong inside it tells `report`.
[[nodiscard]] bool read_webhooks(const Tree& list, std::vector<Webhook>& webhooks, FieldReport& report);

/// The same list as JSON.
[[nodiscard]] std::string webhooks_json(const std::vector<Webhook>& webhooks);

}  // namespace parley::config
