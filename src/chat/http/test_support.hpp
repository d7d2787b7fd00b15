#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/manual_clock.hpp"
#include "chat/http/call.hpp"
#include "chat/test_support.hpp"
#include "http/test_support.hpp"
#include "json/parser.hpp"

namespace parley::chat::test {

/// Keeps what would be delivered.
class KeptDelivery final : public Delivery {
public:
    void deliver(std::vector<Broadcast> broadcasts) override {
        const std::lock_guard lock(mutex_);
        for (auto& broadcast : broadcasts) broadcasts_.push_back(std::move(broadcast));
    }
    void jobs_added() override {}

    /// The events of one kind, in their order.
    template <class Kind>
    std::vector<Kind> events() const {
        const std::lock_guard lock(mutex_);
        std::vector<Kind> found;
        for (const auto& broadcast : broadcasts_)
            if (const auto* const event = std::get_if<Kind>(&broadcast.event)) found.push_back(*event);
        return found;
    }

private:
    mutable std::mutex mutex_;
    std::vector<Broadcast> broadcasts_;
};

/// What a client gets.
struct Answer {
    int status = 0;
    std::string body = {};
    http::Response response = {};

    /// The text, or else the raw JSON, of a member of the answered object; empty without it.
    [[nodiscard]] std::string field(std::string_view name) const {
        json::Parser parser(32);
        const auto value = parser.parse(body);
        if (!value) return {};
        const auto members = parser.members(*value);
        const auto* const found = json::find(members, name);
        if (found == nullptr) return {};
        return std::string(found->as_string().value_or(found->raw()));
    }

    [[nodiscard]] std::string header(std::string_view name) const {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return {};
    }
};

/// The API over a World, asked without connections. Add the routes that a test is about to `routes`.
class Api {
public:
    explicit Api(store::Dialect dialect) : world(dialect) {}

    World world;
    ManualClock clock;
    KeptDelivery delivery;
    Throttle requests{Throttle::Rate{}};
    Current<Policy> policy{world.policy};  // of the API; the world has its own
    Current<std::vector<std::string>> allowed_origins{{}};
    Backend backend{.store = *world.store,
                    .clock = clock,
                    .policy = policy,
                    .delivery = delivery,
                    .requests = requests,
                    .allowed_origins = allowed_origins};
    json::Parser parser{32};
    http::Router router;
    Routes routes{router, backend, parser};
    http::test::FixedOrigin origin;

    /// Asks with a JSON body, or none. `target` may have a query.
    Answer ask(std::string_view method, std::string_view target, std::string_view token = {},
               std::string_view body = {}) {
        const auto authorization = "Bearer " + std::string(token);
        http::Request request;
        request.method = method;
        request.target = target;
        request.path = target.substr(0, target.find('?'));
        request.body = body;
        request.origin = &origin;
        if (const auto mark = target.find('?'); mark != std::string_view::npos)
            request.query = target.substr(mark + 1);
        if (!token.empty()) request.headers.push_back({"Authorization", authorization});
        if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
        auto response = http::test::answer_of(router, request);
        return {.status = response.status, .body = std::string(response.content()), .response = response};
    }

    /// A token for a user of the world.
    std::string token_of(const Actor& user) {
        return world.change([&](Change& change) { return issue_token(change, user.user_id, "Test").text; });
    }
};

}  // namespace parley::chat::test
