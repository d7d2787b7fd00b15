#include "chat/typing.hpp"

#include "chat/access.hpp"
#include "chat/blocks.hpp"

namespace parley::chat {

namespace {

tl::unexpected<Refusal> too_soon(Moment wait_ms) {
    return tl::unexpected(Refusal{.reason = Reason::too_many,
                                  .code = "typing_too_often",
                                  .message = "Typing may be told once a second.",
                                  .retry_after_ms = wait_ms});
}

}  // namespace

std::size_t Typing::KeyHash::operator()(const Key& key) const noexcept {
    // Ids are small and dense; the odd constant (2^64 divided by the golden ratio) spreads their sums.
    const auto mixed =
        (static_cast<std::uint64_t>(key.user_id) << 32U) ^ static_cast<std::uint64_t>(key.conversation_id);
    return static_cast<std::size_t>((mixed * 0x9e3779b97f4a7c15ULL) >> 16U);
}

Result<void> Typing::start(Id user_id, Id conversation_id, Moment now) {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(Key{user_id, conversation_id});
    if (found != entries_.end()) {
        const auto since_start = now - found->second.started_at;
        if (since_start >= 0 && since_start < start_interval_ms)
            return too_soon(start_interval_ms - since_start);
        found->second = {.started_at = now, .typing = true};
        return {};
    }
    if (entries_.size() >= entries_max_) forget_old(now);
    if (entries_.size() >= entries_max_) return too_soon(start_interval_ms);
    entries_.emplace(Key{user_id, conversation_id}, Entry{.started_at = now, .typing = true});
    return {};
}

void Typing::stop(Id user_id, Id conversation_id) {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(Key{user_id, conversation_id});
    if (found != entries_.end()) found->second.typing = false;
}

bool Typing::is_typing(Id user_id, Id conversation_id, Moment now) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(Key{user_id, conversation_id});
    return found != entries_.end() && found->second.typing && now - found->second.started_at < typing_for_ms;
}

void Typing::sent(Id user_id, Id conversation_id) {
    const std::scoped_lock lock(mutex_);
    entries_.erase(Key{user_id, conversation_id});
}

std::size_t Typing::size() const {
    const std::scoped_lock lock(mutex_);
    return entries_.size();
}

void Typing::forget_old(Moment now) {
    // Once a second at most: the table is walked as a whole.
    if (now - forgot_at_ < start_interval_ms) return;
    forgot_at_ = now;
    std::erase_if(entries_, [now](const auto& entry) {
        const auto age = now - entry.second.started_at;
        return age >= (entry.second.typing ? typing_for_ms : start_interval_ms);
    });
}

Result<TypingChanged> describe_typing(store::Transaction& transaction, const Actor& actor, Id conversation_id,
                                      bool typing) {
    const auto conversation = find_conversation(transaction, actor.user_id, conversation_id);
    if (!conversation) return tl::unexpected(conversation.error());
    if (const auto other = conversation->other_than(actor.user_id);
        other && is_blocked(transaction, *other, actor.user_id)) {
        return forbidden("The other party of this conversation has blocked you.");
    }
    return TypingChanged{.audience = load_audience(transaction, *conversation),
                         .user = {.id = actor.user_id,
                                  .name = actor.name,
                                  .email = actor.email,
                                  .avatar_url = actor.avatar_url},
                         .typing = typing};
}

}  // namespace parley::chat
