#include "chat/change.hpp"

#include "chat/outbox.hpp"

namespace parley::chat {

void Change::record(Event event) {
    const auto outbox_id = add_to_outbox(transaction_, event, except_socket_, now_);
    broadcasts_.push_back(
        {.event = std::move(event), .outbox_id = outbox_id, .except_socket = except_socket_});
}

void Change::announce(Event event) {
    broadcasts_.push_back({.event = std::move(event), .except_socket = except_socket_});
}

}  // namespace parley::chat
