#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "bench/answer_reader.hpp"
#include "bench/workplace.hpp"

namespace parley::bench {

class HttpConnection;

/// What the caller wants to know again when the answer is there.
struct Tag {
    Nanoseconds due = 0;
    std::size_t sequence = 0;  // of those of its sender
};

/// Who hears of an `HttpConnection`.
class HttpListener {
public:
    /// It can be written to: at first, and after the server had ended it.
    virtual void on_connected(HttpConnection& connection) = 0;

    /// The answer to the oldest request; gone after the call.
    virtual void on_answer(HttpConnection& connection, const Tag& tag, const Answer& answer) = 0;

    /// A request whose connection has ended before the answer.
    virtual void on_unanswered(HttpConnection& connection, const Tag& tag) = 0;

protected:
    ~HttpListener() = default;
};

/// An HTTP/1.1 connection that is kept alive, with several requests under way if the caller likes. Connects
/// anew when the server ends it; the run fails when that is not possible.
class HttpConnection {
public:
    HttpConnection(Workplace& place, HttpListener& listener, std::size_t number)
        : place_(place), listener_(listener), number_(number) {}
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    [[nodiscard]] std::size_t number() const { return number_; }
    void connect();
    [[nodiscard]] bool connected() const { return link_ != nullptr && !ending_; }

    /// Requests that are not answered yet.
    [[nodiscard]] std::size_t outstanding() const { return tags_.size(); }

    /// Sends a whole request. Only when connected.
    void send(std::string_view request, const Tag& tag);

private:
    class Link;
    void adopt(int descriptor);
    void on_answer(const Answer& answer);
    void on_ended();

    Workplace& place_;
    HttpListener& listener_;
    std::size_t number_;
    Link* link_ = nullptr;  // owned by its stream
    bool ending_ = false;   // the server has said that it ends it
    std::deque<Tag> tags_;  // of what is under way, oldest first
};

}  // namespace parley::bench
