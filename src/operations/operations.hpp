#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/current.hpp"
#include "http/responder.hpp"
#include "http/router.hpp"
#include "http/service.hpp"
#include "operations/scribe.hpp"
#include "operations/sources.hpp"

namespace parley::operations {

/// What is served on the second port: `GET /` and `/ready` for load balancers, `/metrics` for monitoring
/// (with `?json=1` as JSON), `/usage`, and, for programs on this machine alone, `/operator/status`,
/// `/operator/refusals` and `/operator/webhooks`. Belongs to one loop; what takes long is written by a thread
/// of its own.
class Operations final : public http::Service {
public:
    explicit Operations(Sources sources);
    Operations(const Operations&) = delete;
    Operations& operator=(const Operations&) = delete;

    /// What `Sources` have under these names, from now on. Any thread.
    void reconfigure(std::string metrics_prefix, std::vector<std::pair<std::string, std::string>> settings);

    std::optional<http::Response> respond(const http::Request& request, http::Deferral& deferral) override {
        return router_.respond(request, deferral);
    }
    std::optional<http::Upgrade> upgrade(const http::Request&, net::Stream&) override { return std::nullopt; }

private:
    /// Makes an answer on another thread.
    using Make = std::function<http::Response()>;
    /// Takes what it needs from a request.
    using Prepare = std::function<Make(const http::Request&)>;

    void add_public_routes();
    void add_operator_routes();
    void add_later(std::string_view path, Prepare prepare);
    void answer_later(const http::Responder& responder, Make make);
    [[nodiscard]] Make metrics(const http::Request& request) const;
    [[nodiscard]] Make refusals(const http::Request& request) const;

    Current<Sources> sources_;
    http::Router router_;
    Scribe scribe_;  // ends before what it reads
};

}  // namespace parley::operations
