#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "chat/events.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// Who types in which conversation: in memory, of the moment, and bounded. Thread-safe. A clock that is
/// set back lets a start through too early, and nothing worse.
class Typing {
public:
    static constexpr Moment start_interval_ms = 1'000;  // between two starts of one user in one conversation
    static constexpr Moment typing_for_ms = 6'000;      // after which a start is forgotten

    explicit Typing(std::size_t entries_max = 100'000) : entries_max_(entries_max) {}

    /// Notes a start, at most one a second: 429 for more. Also 429 when more than `entries_max` type at once.
    [[nodiscard]] Result<void> start(Id user_id, Id conversation_id, Moment now);

    /// Notes a stop. The limit of starts stays.
    void stop(Id user_id, Id conversation_id);

    /// Whether the user has started within the last 6 s and not stopped: then a message of theirs tells the
    /// others a stop, too.
    [[nodiscard]] bool is_typing(Id user_id, Id conversation_id, Moment now) const;

    /// The user has sent a message: they type no more, and their next start is free.
    void sent(Id user_id, Id conversation_id);

    [[nodiscard]] std::size_t size() const;

private:
    struct Key {
        Id user_id;
        Id conversation_id;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Entry {
        Moment started_at = 0;
        bool typing = false;
    };

    void forget_old(Moment now);

    mutable std::mutex mutex_;
    std::unordered_map<Key, Entry, KeyHash> entries_;
    std::size_t entries_max_;
    Moment forgot_at_ = 0;
};

/// What to tell the others of a conversation: 404 for one that the user takes no part in, 403 for a direct
/// one whose other party has blocked them.
[[nodiscard]] Result<TypingChanged> describe_typing(store::Transaction& transaction, const Actor& actor,
                                                    Id conversation_id, bool typing);

}  // namespace parley::chat
