#include "bench/client.hpp"

#include <fmt/format.h>

#include "bench/event_name.hpp"
#include "json/writer.hpp"
#include "pusher/signature.hpp"

namespace parley::bench {

namespace {

// As little as the kernel allows, so that what is not read soon waits in the server.
constexpr int little_buffer_bytes = 4'096;

constexpr std::string_view pong = R"({"event":"pusher:pong","data":{}})";

bool is_protocol_event(std::string_view name) {
    return name.starts_with("pusher:") || name.starts_with("pusher_internal:");
}

bool needs_auth(std::string_view channel) {
    return channel.starts_with("private-") || channel.starts_with("presence-");
}

}  // namespace

Client::~Client() {
    if (socket_ != nullptr) socket_->abandon();
}

void Client::connect(Reading reading) {
    begun_ = now_ns();
    const auto& [options, target, layout, markers, live, failure] = place_.run;
    place_.connector.connect({.peer = target.address,
                              .source = source_address(target.address, options.source_addresses, number_),
                              .receive_buffer_bytes = reading == Reading::little ? little_buffer_bytes : 0,
                              .resets_on_close = true},
                             [this](tl::expected<int, std::error_code> descriptor) {
                                 if (descriptor) return adopt(*descriptor);
                                 listener_.on_closed(*this, descriptor.error().message());
                             });
}

void Client::adopt(int descriptor) {
    auto& stream = place_.streams.adopt(descriptor);
    const auto& target = place_.run.target;
    auto socket = std::make_unique<WebSocket>(
        stream, *this, target.authority,
        fmt::format("{}/app/{}?protocol=7&client=parley-bench&version=1", target.path, target.app.key));
    socket_ = socket.get();
    stream.replace_handler(std::move(socket));
}

void Client::subscribe(std::string_view channel, std::string_view channel_data) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("event").string("pusher:subscribe").name("data").begin_object();
    writer.name("channel").string(channel);
    if (needs_auth(channel)) {
        // Servers differ in what their socket ids look like, so it is signed as it came.
        auto to_sign = fmt::format("{}:{}", socket_id_, channel);
        if (!channel_data.empty()) to_sign.append(":").append(channel_data);
        writer.name("auth").string(pusher::make_auth({place_.run.target.app.key, place_.hmac}, to_sign));
    }
    if (!channel_data.empty()) writer.name("channel_data").string(channel_data);
    writer.end_object().end_object();
    socket_->send_text(text);
}

void Client::unsubscribe(std::string_view channel) {
    socket_->send_text(fmt::format(R"({{"event":"pusher:unsubscribe","data":{{"channel":"{}"}}}})", channel));
}

void Client::send_event(std::string_view name, std::string_view channel, std::string_view data) {
    socket_->send_text(fmt::format(R"({{"event":"{}","channel":"{}","data":"{}"}})", name, channel, data));
}

void Client::close() {
    if (socket_ != nullptr) socket_->close();
}

void Client::resume_reading() {
    if (socket_ != nullptr) socket_->resume_reading();
}

void Client::on_text(std::string_view text) {
    const auto name = event_name(text);
    if (is_protocol_event(name)) return on_protocol_event(name, text);
    listener_.on_event(*this, text);
}

void Client::on_protocol_event(std::string_view name, std::string_view text) {
    if (name == "pusher_internal:subscription_succeeded") {
        listener_.on_subscribed(*this);
    } else if (name == "pusher:connection_established") {
        on_greeting(text);
    } else if (name == "pusher:ping") {
        socket_->send_text(pong);
    } else if (name == "pusher:error" || name == "pusher:subscription_error") {
        listener_.on_refused(*this, error_sentence(text));
    } else if (name.starts_with("pusher_internal:member_")) {
        listener_.on_event(*this, text);
    }
}

/// The data of the greeting is JSON within a string.
void Client::on_greeting(std::string_view text) {
    const auto envelope = place_.parser.parse(text);
    const auto members = envelope ? place_.parser.members(*envelope) : std::vector<json::Member>();
    const auto* data = json::find(members, "data");
    const auto inner = std::string(data == nullptr ? "" : data->as_string().value_or(""));
    const auto greeting = place_.parser.parse(inner);
    const auto fields = greeting ? place_.parser.members(*greeting) : std::vector<json::Member>();
    const auto* socket_id = json::find(fields, "socket_id");
    if (socket_id == nullptr || !socket_id->as_string())
        return place_.run.failure.set("the server's greeting has no socket_id");
    socket_id_ = *socket_id->as_string();
    listener_.on_greeted(*this);
}

/// What people can read of `{"event":"pusher:error","data":{"code":4009,"message":"..."}}`; servers put the
/// data into a string, or do not.
std::string Client::error_sentence(std::string_view text) const {
    const auto envelope = place_.parser.parse(text);
    const auto members = envelope ? place_.parser.members(*envelope) : std::vector<json::Member>();
    const auto* data = json::find(members, "data");
    const auto inner = std::string(data == nullptr ? "" : data->as_string().value_or(data->raw()));
    const auto error = place_.parser.parse(inner);
    const auto fields = error ? place_.parser.members(*error) : std::vector<json::Member>();
    const auto* message = json::find(fields, "message");
    if (message == nullptr) message = json::find(fields, "error");
    if (message == nullptr || !message->as_string()) return std::string(text);
    const auto* code = json::find(fields, "code");
    if (code == nullptr) code = json::find(fields, "status");
    return code == nullptr || code->is_null() ? std::string(*message->as_string())
                                              : fmt::format("{} ({})", *message->as_string(), code->raw());
}

void Client::on_closed(std::string_view sentence) {
    socket_ = nullptr;
    if (!place_.stopping) listener_.on_closed(*this, sentence);
}

}  // namespace parley::bench
