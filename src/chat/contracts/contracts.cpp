#include "chat/contracts/contracts.hpp"

#include <array>
#include <utility>

#include "chat/message_object.hpp"

namespace parley::chat {

namespace {

struct Row {
    Contract contract;
    std::string_view name;
    void (*send)(const Event&, Context&, Sink&);
};

/// In the order of the enumerators.
constexpr std::array<Row, 5> rows = {{{Contract::conversation, "conversation", &send_conversation},
                                      {Contract::direct, "direct", &send_direct},
                                      {Contract::user, "user", &send_user},
                                      {Contract::platform, "platform", &send_platform},
                                      {Contract::notification, "notification", &send_notification}}};

const Row& row_of(Contract contract) { return rows.at(static_cast<std::size_t>(contract)); }

}  // namespace

std::optional<Contract> contract_named(std::string_view name) {
    for (const auto& row : rows)
        if (row.name == name) return row.contract;
    return std::nullopt;
}

std::string_view name_of(Contract contract) { return row_of(contract).name; }

std::vector<Contract> all_contracts() {
    std::vector<Contract> contracts;
    for (const auto& row : rows) contracts.push_back(row.contract);
    return contracts;
}

std::string Context::platform_name(std::string_view name) const {
    if (event_namespace_.empty()) return std::string(name);
    return std::string(event_namespace_) + '\\' + std::string(name);
}

std::span<const Id> Context::participants(const Audience& audience) const {
    if (audience.type == ConversationType::general) return connected_ids_;
    return audience.participant_ids;
}

std::string_view Context::message_object(const Message& message) {
    if (message_object_.empty()) {
        json::Writer writer(message_object_);
        write_message(writer, message);
    }
    return message_object_;
}

void send_all(std::span<const Contract> contracts, const Event& event, Context& context, Sink& sink) {
    for (const auto contract : contracts) row_of(contract).send(event, context, sink);
}

}  // namespace parley::chat
