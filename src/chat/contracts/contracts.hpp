#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/contracts/sink.hpp"
#include "chat/events.hpp"

namespace parley::chat {

/// The systems whose clients are served (chat spec, section 1).
enum class Contract : std::uint8_t { conversation, direct, user, platform, notification };

/// Its name in the setting `chat.contracts`; empty when there is none of that name.
[[nodiscard]] std::optional<Contract> contract_named(std::string_view name);
[[nodiscard]] std::string_view name_of(Contract contract);

/// All of them, in the order of the enumeration: the default of the setting.
[[nodiscard]] std::vector<Contract> all_contracts();

/// What contracts know beside the event. Made for one event, and used by one thread.
class Context {
public:
    /// `event_namespace` comes before names of the contract `platform`, without a backslash at its end;
    /// empty: none. `connected_ids`: of an event of a general conversation, its participants that are
    /// connected. Both are borrowed.
    explicit Context(std::string_view event_namespace, std::span<const Id> connected_ids = {})
        : event_namespace_(event_namespace), connected_ids_(connected_ids) {}

    /// The event's name for clients of `platform`: `App\Events\MessageSent`.
    [[nodiscard]] std::string platform_name(std::string_view name) const;

    /// Everybody whom the event concerns and who may be connected.
    [[nodiscard]] std::span<const Id> participants(const Audience& audience) const;

    /// The message object, made when it is first asked for and then the same for all contracts. `message` is
    /// the event's.
    [[nodiscard]] std::string_view message_object(const Message& message);

private:
    std::string_view event_namespace_;
    std::span<const Id> connected_ids_;
    std::string message_object_;  // empty: not made yet
};

/// What one contract sends for an event. Nothing for what its clients do not know.
void send_conversation(const Event& event, Context& context, Sink& sink);
void send_direct(const Event& event, Context& context, Sink& sink);
void send_user(const Event& event, Context& context, Sink& sink);
void send_platform(const Event& event, Context& context, Sink& sink);
void send_notification(const Event& event, Context& context, Sink& sink);

/// What all of `contracts` send.
void send_all(std::span<const Contract> contracts, const Event& event, Context& context, Sink& sink);

/// Somebody has come into `presence-chat` or `presence-chat.{companyId}`, or left it.
struct PresenceChange {
    std::string channel = {};
    Id user_id = 0;
    std::string user_name = {};
    std::int64_t online_count = 0;  // users on the channel afterwards
    bool joined = false;
};

/// `UserJoined` and `UserLeft` of the contract `platform`.
void send_presence(const PresenceChange& change, const Context& context, Sink& sink);

}  // namespace parley::chat
