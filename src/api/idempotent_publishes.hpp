#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "api/publish_request.hpp"
#include "crypto/keyed_hash.hpp"
#include "hub/app.hpp"

namespace parley::api {

/// What of a request an idempotency key stands for. The answers differ, so that a key of one is another's
/// mistake.
enum class Keyed : std::uint8_t { event, event_of_batch, batch };

/// What tells requests with the same key apart: a digest of all that is published and asked for.
[[nodiscard]] std::string fingerprint(Keyed keyed, std::span<const PublishRequest> events);

/// The publishes of the last `limits.publish_idempotency_key_age` that had an idempotency key, with their
/// answers. Shared by all loops; thread-safe.
class IdempotentPublishes {
public:
    /// `app_count`: how many apps the hub has; their `index` is below it.
    explicit IdempotentPublishes(std::size_t app_count);
    ~IdempotentPublishes();
    IdempotentPublishes(const IdempotentPublishes&) = delete;
    IdempotentPublishes& operator=(const IdempotentPublishes&) = delete;

    enum class Error : std::uint8_t {
        other_request,  // the key was given to another one
        in_progress,    // the same request is being served at this moment
        full            // limits.max_publish_idempotency_bytes; try again when something has been forgotten
    };

    class Attempt;

    /// Begins a publish under `key`, or finds that it has been made.
    [[nodiscard]] tl::expected<Attempt, Error> begin(const hub::App& app, std::string_view key,
                                                     std::string fingerprint, std::uint64_t now_ms);

    /// What a publish costs beyond its key and its answer, rounded up.
    static constexpr std::size_t overhead_bytes = 320;

private:
    struct Publish {
        std::string key;
        std::string fingerprint;
        std::optional<std::string> answer;  // empty while in progress
        std::uint64_t expires_at_ms;

        [[nodiscard]] std::size_t bytes() const {
            return overhead_bytes + key.size() + (answer ? answer->size() : 0);
        }
    };
    using Publishes = std::list<Publish>;

    /// What one app has published.
    struct Memory {
        std::mutex mutex;
        Publishes publishes = {};  // the oldest first
        std::unordered_map<std::string_view, Publishes::iterator, crypto::KeyedHash> by_key =
            {};  // their own
        std::size_t bytes = 0;

        void forget(Publishes::iterator publish);
        void forget_expired(std::uint64_t now_ms);
    };

    std::vector<std::unique_ptr<Memory>> memories_;  // by app
};

/// One publish under a key. If it ends without `finish`, the key is free again.
class IdempotentPublishes::Attempt {
public:
    ~Attempt();
    Attempt(Attempt&& other) noexcept;
    Attempt& operator=(Attempt&&) = delete;

    /// The answer to the same request, which has been published before; empty when it is to be published now.
    [[nodiscard]] const std::optional<std::string>& earlier_answer() const { return earlier_answer_; }

    /// It has been published: `answer` is that to all repetitions.
    void finish(std::string answer);

private:
    friend class IdempotentPublishes;

    explicit Attempt(std::string earlier_answer) : earlier_answer_(std::move(earlier_answer)) {}
    Attempt(Memory& memory, Publishes::iterator publish) : memory_(&memory), publish_(publish) {}

    Memory* memory_ = nullptr;  // null when there is nothing to finish
    Publishes::iterator publish_ = {};
    std::optional<std::string> earlier_answer_ = {};
};

}  // namespace parley::api
