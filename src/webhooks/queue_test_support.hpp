#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "webhooks/delivery.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks::test {

/// Keeps the attempts that a queue begins, for the test to end them.
class FakeDelivery final : public Delivery {
public:
    struct Begun {
        std::string body;
        std::int64_t number;
        Decide decide;
    };

    void attempt(const Request& request, std::int64_t number, Decide decide) override {
        begun.push_back({request.body, number, std::move(decide)});
    }

    /// "BODY#NUMBER" of those that have begun and not ended.
    [[nodiscard]] std::vector<std::string> running() const {
        std::vector<std::string> names;
        for (const auto& each : begun) names.push_back(each.body + "#" + std::to_string(each.number));
        return names;
    }

    /// Ends the attempt at the request with this body.
    DeliveryLog::Outcome end(const std::string& body, Attempted result) {
        for (auto place = begun.begin(); place != begun.end(); ++place) {
            if (place->body != body) continue;
            const auto decide = std::move(place->decide);
            begun.erase(place);
            return decide(result);
        }
        throw std::runtime_error("no attempt at " + body);
    }

    std::vector<Begun> begun;
};

inline Request request_to(const std::string& url, const std::string& body, std::int64_t time_ms,
                          const std::string& app_id = "a") {
    return {.app_id = app_id,
            .webhook = fingerprint({.url = url}),
            .endpoint = endpoint_of(app_id, url),
            .time_ms = time_ms,
            .event_count = 1,
            .body = body};
}

}  // namespace parley::webhooks::test
