#pragma once

#include <memory>

#include <tl/expected.hpp>

#include "config/settings.hpp"
#include "operations/operations.hpp"
#include "server/worker.hpp"

namespace parley::server {

/// What the second listener is made of, but for what the settings say.
struct OperationsParts {
    const hub::Hub& hub;
    const operations::ChannelCensus& census;
    const webhooks::DeliveryLog& webhooks;
    const Clock& clock;
    operations::Capacity capacity;
    std::uint16_t port;  // of the clients
    bool follows;        // whether the server that is being replaced still has the second port, too
};

/// Begins to serve what operators and monitoring ask, on `worker`'s loop, if the settings want that. Before
/// the worker starts; what is returned, null without such a port, must outlive it. The error, a sentence,
/// names the setting.
[[nodiscard]] tl::expected<std::unique_ptr<operations::Operations>, std::string> open_operations_port(
    const OperationsParts& parts, const config::Settings& settings, Worker& worker);

/// Has it show what the settings say now.
void reconfigure_operations(operations::Operations& operations, const config::Settings& settings);

}  // namespace parley::server
