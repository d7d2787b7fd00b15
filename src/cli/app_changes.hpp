#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/app.hpp"
#include "config/value_tree.hpp"

namespace parley::cli {

/// Applies `name=value` in any spelling of a field to `app`; `name=default` gives the default back. Values
/// are yes and no, numbers, JSON lists and tables, and else texts. The error is a sentence that names the
/// change.
[[nodiscard]] tl::expected<void, std::string> change_app(config::App& app, const std::string& change);

/// Gives `app` the webhooks of a JSON list, read from `file`.
[[nodiscard]] tl::expected<void, std::string> change_webhooks(config::App& app, std::string_view json,
                                                              const std::string& file);

/// `app` as it may be printed: the values of its webhooks' headers are hidden, and their URLs have neither
/// user and password nor query.
[[nodiscard]] config::App without_webhook_secrets(config::App app);

/// What `app` is allowed, without secrets, one line each: name, value, and whether it is its own, the
/// server's or a default.
[[nodiscard]] std::vector<std::string> describe_app(const config::App& app, const Limits& server);

}  // namespace parley::cli
