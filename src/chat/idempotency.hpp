#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "chat/change.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// A request that must happen once however often it is sent (chat spec, section 5, "Money").
struct OnceRequest {
    std::string route = {};  // method and path, ids included
    std::string key = {};    // the header Idempotency-Key; empty without one
    std::string body = {};   // what is asked; another one with the same key is another request
};

/// An answer as its client gets it, every time.
struct OnceAnswer {
    std::int64_t status = 0;
    std::string body = {};
};

/// Refuses a key that is missing (400, `idempotency_key_required`), or that is not of 1 to
/// `max_idempotency_key_length` visible ASCII characters (400, `idempotency_key_invalid`).
[[nodiscard]] Result<void> check_idempotency_key(std::string_view key, const Limits& limits);

/// Runs `work` and keeps its answer with what it did, or answers as it was answered the first time. 409
/// (`idempotency_key_reused`) when the first request with the key asked for something else. A refusal is not
/// kept: nothing happened, so the same key may try again. Keys belong to a user and a route.
[[nodiscard]] Result<OnceAnswer> do_once(Change& change, const Actor& actor, const OnceRequest& request,
                                         const std::function<Result<OnceAnswer>()>& work);

/// Forgets up to `count_most` answers that are older than the limit `idempotency_key_age`; how many there
/// were.
std::int64_t forget_old_answers(Change& change, std::int64_t count_most);

}  // namespace parley::chat
