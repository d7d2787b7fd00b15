#include "chat/idempotency.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace parley::chat {

namespace {

const store::Statement select_answer(R"(
    SELECT request_hash, status, answer FROM idempotency_keys
    WHERE user_id = $1 AND route = $2 AND key = $3 AND created_at > $4)");

// An old answer that is not forgotten yet makes way.
const store::Statement keep_answer(R"(
    INSERT INTO idempotency_keys (user_id, route, key, request_hash, status, answer, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (user_id, route, key) DO UPDATE SET
        request_hash = excluded.request_hash, status = excluded.status, answer = excluded.answer,
        created_at = excluded.created_at)");

const store::Statement forget_answers(R"(
    DELETE FROM idempotency_keys WHERE (user_id, route, key) IN
        (SELECT user_id, route, key FROM idempotency_keys WHERE created_at <= $1
         ORDER BY created_at LIMIT $2))");

/// Answers from before this moment count no more.
Moment oldest_kept(const Change& change) {
    return change.now() - change.policy().limits.idempotency_key_age * 1'000;
}

tl::unexpected<Refusal> unusable_key(std::string code, std::string message) {
    return tl::unexpected(
        Refusal{.reason = Reason::unreadable, .code = std::move(code), .message = std::move(message)});
}

}  // namespace

Result<void> check_idempotency_key(std::string_view key, const Limits& limits) {
    if (key.empty())
        return unusable_key("idempotency_key_required", "This request needs the header Idempotency-Key.");
    const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!visible || exceeds(key.size(), limits.max_idempotency_key_length))
        return unusable_key("idempotency_key_invalid",
                            fmt::format("The Idempotency-Key must be 1 to {} visible ASCII characters "
                                        "(limits.max_idempotency_key_length).",
                                        limits.max_idempotency_key_length));
    return {};
}

Result<OnceAnswer> do_once(Change& change, const Actor& actor, const OnceRequest& request,
                           const std::function<Result<OnceAnswer>()>& work) {
    if (auto fits = check_idempotency_key(request.key, change.policy().limits); !fits)
        return tl::unexpected(std::move(fits.error()));
    auto& transaction = change.transaction();
    const auto hash = crypto::sha256_hex(request.body);
    const auto kept =
        transaction.query(select_answer, {actor.user_id, request.route, request.key, oldest_kept(change)});
    if (!kept.empty()) {
        const auto first = kept.front();
        if (first.text(0) != hash)
            return conflict("idempotency_key_reused",
                            "This Idempotency-Key belongs to a request with another body.");
        return OnceAnswer{.status = first.integer(1), .body = std::string(first.text(2))};
    }
    auto answer = work();
    if (answer)
        transaction.execute(keep_answer, {actor.user_id, request.route, request.key, hash, answer->status,
                                          answer->body, change.now()});
    return answer;
}

std::int64_t forget_old_answers(Change& change, std::int64_t count_most) {
    return change.transaction().execute(forget_answers, {oldest_kept(change), count_most});
}

}  // namespace parley::chat
