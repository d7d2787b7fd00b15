#include "bench/chat_people.hpp"

#include <utility>

#include <fmt/format.h>

#include "crypto/random.hpp"

namespace parley::bench {

std::string chat_request(const Target& target, std::string_view path, std::string_view token,
                         std::string_view body) {
    return fmt::format(
        "POST {}{} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n{}{}{}"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        target.path, path, target.authority, token.empty() ? "" : "Authorization: Bearer ", token,
        token.empty() ? "" : "\r\n", body.size(), body);
}

ChatPeople::ChatPeople(Workplace& place, std::size_t count, std::function<void()> done)
    : place_(place), pairs_(count), done_(std::move(done)), connection_(place, *this, place.worker) {}

const ChatPair& ChatPeople::pair(std::size_t number) const {
    return pairs_[number / place_.run.options.threads];
}

void ChatPeople::on_connected(HttpConnection& /*connection*/) { ask(); }

void ChatPeople::on_unanswered(HttpConnection& /*connection*/, const Tag& /*tag*/) {
    place_.run.failure.set("the server ended the connection while people were registered");
}

/// Addresses are those of this run alone, so that a server may be used again.
std::string ChatPeople::person(std::string_view role) const {
    return fmt::format(
        R"({{"name":"Bench {0} {1}","email":"bench-{2}-{0}-{1}@example.com","password":"{3:016x}"}})", role,
        next_ * place_.run.options.threads + place_.worker, place_.run.markers.prefix().substr(1),
        crypto::random_below(1ULL << 62U));
}

void ChatPeople::ask() {
    if (next_ == pairs_.size()) {
        if (done_) std::exchange(done_, nullptr)();
        return;
    }
    const auto& pair = pairs_[next_];
    const auto& target = place_.run.target;
    switch (step_) {
        case Step::register_listener:
            return connection_.send(chat_request(target, "/api/auth/register", "", person("listener")), {});
        case Step::register_writer:
            return connection_.send(chat_request(target, "/api/auth/register", "", person("writer")), {});
        case Step::open_conversation:
            break;
    }
    const auto body = fmt::format(R"({{"type":"direct","user_id":{}}})", pair.listener_id);
    connection_.send(chat_request(target, "/api/chat/conversations", pair.writer_token, body), {});
}

void ChatPeople::on_answer(HttpConnection& /*connection*/, const Tag& /*tag*/, const Answer& answer) {
    if (answer.status / 100 != 2)
        return place_.run.failure.set(fmt::format("chat was refused: {}", refusal_sentence(answer)));
    if (!take(answer.body)) return place_.run.failure.set("the server's answer is not one of Parley's chat");
    if (step_ == Step::open_conversation) {
        step_ = Step::register_listener;
        ++next_;
        place_.run.live.prepared.fetch_add(1, std::memory_order_relaxed);
    } else {
        step_ = step_ == Step::register_listener ? Step::register_writer : Step::open_conversation;
    }
    ask();
}

/// Keeps what the answer tells: `{"id":7}` or `{"token":"...","user":{"id":7}}`.
bool ChatPeople::take(std::string_view body) {
    auto& pair = pairs_[next_];
    const auto root = place_.parser.parse(body);
    if (!root) return false;
    const auto members = place_.parser.members(*root);
    if (step_ == Step::open_conversation) {
        const auto* id = json::find(members, "id");
        if (id != nullptr) pair.conversation_id = id->raw();
        return id != nullptr;
    }
    const auto* token = json::find(members, "token");
    const auto* user = json::find(members, "user");
    if (token == nullptr || user == nullptr || !token->as_string()) return false;
    const auto fields = place_.parser.members(*user);
    const auto* id = json::find(fields, "id");
    if (id == nullptr) return false;
    if (step_ == Step::register_listener) {
        pair.listener_id = id->raw();
    } else {
        pair.writer_token = *token->as_string();
    }
    return true;
}

}  // namespace parley::bench
