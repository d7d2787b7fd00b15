#include "bench/http_connection.hpp"

#include <utility>

#include <fmt/format.h>

namespace parley::bench {

namespace {

constexpr std::size_t pending_bytes_max = 256 * 1024 * 1024;

}  // namespace

/// What is spoken over the stream of one connection.
class HttpConnection::Link final : public net::StreamHandler {
public:
    Link(net::Stream& stream, HttpConnection& owner) : stream_(stream), owner_(&owner) {}

    void send(std::string_view request) {
        const auto queued = stream_.send(net::SharedFrame::of({request}), pending_bytes_max);
        if (queued == net::Queued::over_limit) stream_.abort();
    }

    void abandon() {
        owner_ = nullptr;
        stream_.abort();
    }

    void on_read(MutableBytes bytes) override {
        if (rest_.empty()) {
            rest_ = take(as_text(bytes));
        } else {
            rest_ += as_text(bytes);
            rest_ = take(rest_);
        }
    }

    void on_deadline() override {}

    void on_end() override {
        if (owner_ != nullptr) std::exchange(owner_, nullptr)->on_ended();
    }

private:
    /// Handles the answers that are whole and returns what is left.
    std::string take(std::string_view input) {
        while (!input.empty() && owner_ != nullptr) {
            const auto answer = read_answer(input);
            if (!answer) {
                owner_->place_.run.failure.set(answer.error());
                stream_.abort();
                return {};
            }
            if (!*answer) break;
            input.remove_prefix((*answer)->bytes);
            owner_->ending_ = (*answer)->closes;
            owner_->on_answer(**answer);
            if ((*answer)->closes) stream_.abort();
        }
        return std::string(input);
    }

    net::Stream& stream_;
    HttpConnection* owner_;
    std::string rest_;  // of an answer that is not whole
};

HttpConnection::~HttpConnection() {
    if (link_ != nullptr) link_->abandon();
}

void HttpConnection::connect() {
    const auto& target = place_.run.target;
    place_.connector.connect(
        {.peer = target.address,
         .source = source_address(target.address, place_.run.options.source_addresses, number_),
         .resets_on_close = true},
        [this](tl::expected<int, std::error_code> descriptor) {
            if (descriptor) return adopt(*descriptor);
            place_.run.failure.set(
                fmt::format("{}: {}", place_.run.target.authority, descriptor.error().message()));
        });
}

void HttpConnection::adopt(int descriptor) {
    auto& stream = place_.streams.adopt(descriptor);
    auto link = std::make_unique<Link>(stream, *this);
    link_ = link.get();
    ending_ = false;
    stream.replace_handler(std::move(link));
    listener_.on_connected(*this);
}

void HttpConnection::send(std::string_view request, const Tag& tag) {
    tags_.push_back(tag);
    link_->send(request);
}

void HttpConnection::on_answer(const Answer& answer) {
    if (tags_.empty()) return place_.run.failure.set("the server sent an answer to no request");
    const auto tag = tags_.front();
    tags_.pop_front();
    listener_.on_answer(*this, tag, answer);
}

void HttpConnection::on_ended() {
    link_ = nullptr;
    if (place_.stopping) return;
    for (const auto& tag : std::exchange(tags_, {})) listener_.on_unanswered(*this, tag);
    connect();
}

}  // namespace parley::bench
