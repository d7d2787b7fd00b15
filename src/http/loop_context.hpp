#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "http/request.hpp"
#include "http/service.hpp"
#include "http/trusted_proxies.hpp"
#include "net/loop.hpp"

namespace parley::http {

/// What the HTTP connections of one loop share. Belongs to that loop; outlives its connections.
class LoopContext {
public:
    LoopContext(const net::Loop& loop, Service& service, const Limits& limits, TrustedProxies proxies = {})
        : loop_(loop), service_(&service), limits_(limits), proxies_(std::move(proxies)) {}

    /// What connections go by from now on, requests included that have begun to arrive. `service` must
    /// outlive the context, as must those before it. On the loop's thread.
    void set_service(Service& service) { service_ = &service; }
    void set_limits(const Limits& limits) { limits_ = limits; }
    void set_proxies(TrustedProxies proxies) { proxies_ = std::move(proxies); }

    [[nodiscard]] Service& service() { return *service_; }
    /// These two stay where they are when they change.
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] const TrustedProxies& proxies() const { return proxies_; }

    /// Where requests are read into, one at a time, so that the list of headers is allocated once.
    [[nodiscard]] Request& request() { return request_; }

    /// Requests whose body or answer is still on its way. Any thread.
    [[nodiscard]] std::int64_t requests_under_way() const {
        return requests_under_way_.load(std::memory_order_relaxed);
    }
    void request_begins() { requests_under_way_.fetch_add(1, std::memory_order_relaxed); }
    void request_ends() { requests_under_way_.fetch_sub(1, std::memory_order_relaxed); }

    /// Has connections end with their next answer.
    void wind_down() { winding_down_ = true; }
    [[nodiscard]] bool winding_down() const { return winding_down_; }

    /// The value of the `Date` field, formatted once a second. Valid until the next call.
    [[nodiscard]] std::string_view date();

private:
    const net::Loop& loop_;
    Service* service_;
    Limits limits_;
    TrustedProxies proxies_;
    Request request_;
    bool winding_down_ = false;
    std::atomic<std::int64_t> requests_under_way_{0};
    std::uint64_t date_read_ms_ = 0;  // steady
    std::int64_t date_seconds_ = -1;  // since 1970
    std::string date_;
};

}  // namespace parley::http
