#include "http/responder.hpp"

#include <atomic>
#include <string>
#include <utility>

#include "base/check.hpp"
#include "base/log.hpp"
#include "http/request_error.hpp"

namespace parley::http {

/// What the copies of a Responder share.
class Responder::Right {
public:
    Right(std::shared_ptr<AnswerLink> link, std::string request)
        : link_(std::move(link)), request_(std::move(request)) {}
    Right(const Right&) = delete;
    Right& operator=(const Right&) = delete;

    ~Right() {
        if (!use()) return;
        link_->call([request = std::move(request_)](AnswerTaker& taker) {
            log::error("http_request_unanswered", {{"request", request}});
            taker.take_answer(error_response(500, "The server gave no answer to this request."));
        });
    }

    /// Whether nobody has answered before.
    [[nodiscard]] bool use() { return !used_.exchange(true, std::memory_order_relaxed); }

    [[nodiscard]] AnswerLink& link() { return *link_; }

private:
    std::shared_ptr<AnswerLink> link_;
    std::string request_;  // method and path, for the log
    std::atomic<bool> used_{false};
};

void Responder::send(Response response) const {
    if (!right_->use()) return;
    right_->link().call([response = std::move(response)](AnswerTaker& taker) mutable {
        taker.take_answer(std::move(response));
    });
}

void Responder::send_from_loop(std::function<Response()> make) const {
    if (!right_->use()) return;
    right_->link().call([make = std::move(make)](AnswerTaker& taker) { taker.take_answer(make()); });
}

net::Loop& Responder::loop() const { return right_->link().loop(); }

Deferral::~Deferral() {
    if (link_ && !passed_on_) link_->close();
}

Responder Deferral::defer() {
    PARLEY_CHECK(!link_, "a request is deferred once");
    link_ = std::make_shared<AnswerLink>(loop_, static_cast<AnswerTaker&>(*this));
    return Responder(
        std::make_shared<Responder::Right>(link_, std::string(method_).append(" ").append(excerpt(path_))));
}

std::optional<Response> Deferral::take_early() { return std::exchange(early_, std::nullopt); }

std::shared_ptr<AnswerLink> Deferral::pass_on(AnswerTaker& taker) {
    PARLEY_CHECK(link_ != nullptr, "a handler that returns no answer has deferred it");
    passed_on_ = true;
    link_->redirect(taker);
    return link_;
}

void Deferral::take_answer(Response response) { early_ = std::move(response); }

}  // namespace parley::http
