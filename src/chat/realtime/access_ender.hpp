#pragma once

#include "chat/events.hpp"
#include "chat/realtime/socket_registry.hpp"
#include "store/store.hpp"

namespace parley::chat {

/// Takes from sockets what their users may no longer hear, when an event says that somebody has left
/// something or that tokens were revoked. Used by the broadcaster's thread.
class AccessEnder {
public:
    /// Both must outlive it.
    AccessEnder(store::Store& store, SocketRegistry& sockets) : store_(store), sockets_(sockets) {}

    /// Whether `event` is one that ends access.
    [[nodiscard]] static bool concerns(const Event& event);

    /// Asks the database again about every channel that the users in question were granted and ends those
    /// that are no longer allowed: nothing else can know that a user keeps a channel for another reason.
    /// Waits for it; false when it could not be asked, and nothing has ended.
    [[nodiscard]] bool end(const Event& event);

private:
    store::Store& store_;
    SocketRegistry& sockets_;
};

}  // namespace parley::chat
