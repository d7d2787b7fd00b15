#pragma once

#include <string>
#include <vector>

#include "hub/app.hpp"
#include "webhooks/request.hpp"

namespace parley::webhooks {

/// One HTTP request as it is sent.
struct Post {
    std::string url = {};
    std::vector<std::string> header_lines = {};  // `Name: value`
    std::string body = {};
};

/// Signs a request with the app's first secret (HTTP API, "Webhooks", request). The webhook's own headers are
/// sent along, but for those that are the server's to set or cannot stand in a header.
[[nodiscard]] Post make_post(const hub::AppSettings& app, const hub::Webhook& webhook,
                             const Request& request);

}  // namespace parley::webhooks
