#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "http/loop_link.hpp"
#include "http/response.hpp"
#include "net/loop.hpp"

namespace parley::http {

/// Who gets an answer that comes later. Called on its loop's thread, at most once.
class AnswerTaker {
public:
    virtual void take_answer(Response response) = 0;

protected:
    ~AnswerTaker() = default;
};

using AnswerLink = LoopLink<AnswerTaker>;

/// The right to answer one request: a handle to be copied, kept and used on any thread. The first answer
/// counts, later ones are ignored; so is one for a connection that has ended meanwhile. When the last copy
/// goes without an answer, 500 is sent and an error logged.
///
/// A Responder may outlive its connection, and its loop as well, as long as `loop` is not called then.
class Responder {
public:
    /// Answers with `response`. On the loop's own thread it leaves in this turn.
    void send(Response response) const;

    /// Runs `make` on the loop's thread, at once if this is it, and answers with its result. Not run when the
    /// connection has ended, or the loop before its next turn.
    void send_from_loop(std::function<Response()> make) const;

    /// The loop of the connection. The caller knows that it still exists: the server ends its loops after all
    /// threads that work for them.
    [[nodiscard]] net::Loop& loop() const;

private:
    friend class Deferral;
    class Right;

    explicit Responder(std::shared_ptr<Right> right) : right_(std::move(right)) {}

    std::shared_ptr<Right> right_;
};

/// A handler's choice to answer its request later. Costs nothing unless it is taken. Lives while the handler
/// is called, on the loop's thread.
class Deferral final : private AnswerTaker {
public:
    /// All must outlive it; method and path are named in the log if the request is never answered.
    Deferral(net::Loop& loop, std::string_view method, std::string_view path)
        : loop_(loop), method_(method), path_(path) {}

    /// What is answered from here on is lost, unless somebody else has taken over.
    ~Deferral();
    Deferral(const Deferral&) = delete;
    Deferral& operator=(const Deferral&) = delete;

    /// Makes the right to answer. Once.
    [[nodiscard]] Responder defer();

    [[nodiscard]] bool deferred() const { return link_ != nullptr; }

    /// The answer, if it has come already.
    [[nodiscard]] std::optional<Response> take_early();

    /// Sends answers to `taker` from here on, which closes the link before it goes. After `defer`.
    [[nodiscard]] std::shared_ptr<AnswerLink> pass_on(AnswerTaker& taker);

private:
    void take_answer(Response response) override;

    net::Loop& loop_;
    std::string_view method_;
    std::string_view path_;
    std::shared_ptr<AnswerLink> link_;
    std::optional<Response> early_;
    bool passed_on_ = false;
};

}  // namespace parley::http
