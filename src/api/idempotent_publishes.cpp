#include "api/idempotent_publishes.hpp"

#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace parley::api {

std::string fingerprint(Keyed keyed, std::span<const PublishRequest> events) {
    std::string text = fmt::format("{}", static_cast<int>(keyed));
    // Each piece behind its length, so that no two requests make the same text.
    const auto append = [&text](std::string_view piece) {
        fmt::format_to(std::back_inserter(text), " {}:{}", piece.size(), piece);
    };
    for (const auto& event : events) {
        append(event.name);
        append(event.data);
        append(event.except ? to_string(*event.except) : "");
        append(fmt::format("{:d}{:d}", event.info.user_count, event.info.subscription_count));
        append(fmt::format("{}", event.channels.size()));
        for (const auto& channel : event.channels) append(channel);
    }
    return crypto::sha256_hex(text);
}

IdempotentPublishes::IdempotentPublishes(std::size_t app_count) {
    for (std::size_t i = 0; i < app_count; ++i) memories_.push_back(std::make_unique<Memory>());
}

IdempotentPublishes::~IdempotentPublishes() = default;

tl::expected<IdempotentPublishes::Attempt, IdempotentPublishes::Error> IdempotentPublishes::begin(
    const hub::App& app, std::string_view key, std::string fingerprint, std::uint64_t now_ms) {
    constexpr std::uint64_t ms_per_s = 1'000;
    auto& memory = *memories_.at(app.index);
    const std::lock_guard lock(memory.mutex);
    memory.forget_expired(now_ms);
    if (const auto found = memory.by_key.find(key); found != memory.by_key.end()) {
        const auto& publish = *found->second;
        if (publish.fingerprint != fingerprint) return tl::unexpected(Error::other_request);
        if (!publish.answer) return tl::unexpected(Error::in_progress);
        return Attempt(*publish.answer);
    }
    Publish publish{
        .key = std::string(key),
        .fingerprint = std::move(fingerprint),
        .answer = std::nullopt,
        .expires_at_ms =
            now_ms + static_cast<std::uint64_t>(app.limits().publish_idempotency_key_age) * ms_per_s};
    if (exceeds(memory.bytes + publish.bytes(), app.limits().max_publish_idempotency_bytes))
        return tl::unexpected(Error::full);
    memory.bytes += publish.bytes();
    const auto begun = memory.publishes.insert(memory.publishes.end(), std::move(publish));
    memory.by_key.emplace(begun->key, begun);
    return Attempt(memory, begun);
}

void IdempotentPublishes::Memory::forget(Publishes::iterator publish) {
    bytes -= publish->bytes();
    by_key.erase(publish->key);
    publishes.erase(publish);
}

void IdempotentPublishes::Memory::forget_expired(std::uint64_t now_ms) {
    // One in progress is its attempt's to forget.
    while (!publishes.empty() && publishes.front().answer && publishes.front().expires_at_ms <= now_ms)
        forget(publishes.begin());
}

IdempotentPublishes::Attempt::~Attempt() {
    if (memory_ == nullptr) return;
    const std::lock_guard lock(memory_->mutex);
    memory_->forget(publish_);
}

IdempotentPublishes::Attempt::Attempt(Attempt&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      publish_(other.publish_),
      earlier_answer_(std::move(other.earlier_answer_)) {}

void IdempotentPublishes::Attempt::finish(std::string answer) {
    auto* const memory = std::exchange(memory_, nullptr);
    const std::lock_guard lock(memory->mutex);
    memory->bytes += answer.size();
    publish_->answer = std::move(answer);
}

}  // namespace parley::api
