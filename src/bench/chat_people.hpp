#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/http_connection.hpp"

namespace parley::bench {

/// Somebody who writes, and somebody who listens to them in a conversation of their own.
struct ChatPair {
    std::string listener_id = {};
    std::string writer_token = {};
    std::string conversation_id = {};
};

/// Registers people over Parley's REST API and opens their conversations, one request after the other. The
/// run fails when the server refuses one.
class ChatPeople final : public HttpListener {
public:
    /// Makes the `count` pairs of this thread: number `i * threads + worker` of the run is its `i`th. `done`
    /// is called once, on the loop.
    ChatPeople(Workplace& place, std::size_t count, std::function<void()> done);

    void begin() { connection_.connect(); }

    /// The pair of a number, whole when `done` was called.
    [[nodiscard]] const ChatPair& pair(std::size_t number) const;

private:
    enum class Step : std::uint8_t { register_listener, register_writer, open_conversation };

    void on_connected(HttpConnection& connection) override;
    void on_answer(HttpConnection& connection, const Tag& tag, const Answer& answer) override;
    void on_unanswered(HttpConnection& connection, const Tag& tag) override;

    void ask();
    [[nodiscard]] bool take(std::string_view body);
    [[nodiscard]] std::string person(std::string_view role) const;

    Workplace& place_;
    std::vector<ChatPair> pairs_;
    std::function<void()> done_;
    HttpConnection connection_;
    std::size_t next_ = 0;
    Step step_ = Step::register_listener;
};

/// A request of the REST API with a JSON body; `token` may be empty.
[[nodiscard]] std::string chat_request(const Target& target, std::string_view path, std::string_view token,
                                       std::string_view body);

}  // namespace parley::bench
