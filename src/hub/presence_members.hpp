#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crypto/keyed_hash.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

/// A user on a presence channel. Its texts never change while it is a member.
struct PresenceMember {
    std::string user_id;
    std::string user_info;               // JSON text, of the first connection
    std::uint32_t connection_count = 1;  // of this user on the channel; 0 while others think it is there
    std::uint64_t departs_at_ms = 0;     // steady; when that ends
};

using PresenceSnapshot = std::vector<std::shared_ptr<const PresenceMember>>;

/// The members as messages list them. Borrowed from `members`.
[[nodiscard]] std::vector<pusher::MemberView> views_of(const PresenceSnapshot& members);

enum class Joined : std::uint8_t {
    first_connection,
    returned,  // before others had noticed that the user was away
    further_connection,
    channel_full
};
enum class Left : std::uint8_t { last_connection, others_remain };

/// The distinct users of one presence channel, in the order in which they came (channels protocol,
/// "Presence"). Not thread-safe: the registry's lock protects it.
class PresenceMembers {
public:
    struct Join {
        Joined result;
        const PresenceMember* member;  // valid until its last `leave`; null when the channel is full
    };

    /// Adds a connection of a user. `member_max` counts users; one who is present may always add connections.
    [[nodiscard]] Join join(std::string_view user_id, std::string_view user_info, std::int64_t member_max);

    /// Takes away one connection of `member`. When it was the last one the user stays on the list until
    /// `finish_departure` at `departs_at_ms` or later; 0 takes it off at once.
    [[nodiscard]] Left leave(const PresenceMember& member, std::uint64_t departs_at_ms = 0);

    /// Takes a user off the list whose time has come; false when there is none, because it has returned or is
    /// to stay longer.
    [[nodiscard]] bool finish_departure(std::string_view user_id, std::uint64_t now_ms);

    [[nodiscard]] std::size_t size() const { return members_.size(); }

    /// All members at this moment. Their ids and infos may be read later and without the lock.
    [[nodiscard]] PresenceSnapshot snapshot() const;

private:
    using List = std::list<std::shared_ptr<PresenceMember>>;
    using Index = std::unordered_map<std::string_view, List::iterator, crypto::KeyedHash>;

    void remove(Index::iterator member);

    List members_;
    Index by_id_;  // keys are the members' own ids
};

}  // namespace parley::hub
