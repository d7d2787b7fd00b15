#include "http/request_parser.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "http/chunked_decoder.hpp"

namespace parley::http {

namespace {

// Some clients send CR LF behind a body (RFC 9112, section 2.2); a flood of them is no request.
constexpr int empty_lines_max = 2;

std::string_view take_front(MutableBytes& input, std::size_t count) {
    const auto front = as_text(input.first(count));
    input = input.subspan(count);
    return front;
}

}  // namespace

/// A request of which some bytes have arrived.
struct RequestParser::Partial {
    std::string bytes;          // the head, then the body without chunk framing
    std::size_t head_size = 0;  // 0 until the end of the head has been found
    ChunkedDecoder decoder;
};

RequestParser::RequestParser(const Limits& limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;

bool RequestParser::begun() const { return partial_ != nullptr && !complete_; }

bool RequestParser::take_continue_wanted() { return std::exchange(continue_wanted_, false); }

void RequestParser::release() {
    if (!complete_) return;
    complete_ = false;
    leading_bytes_ = 0;
    partial_.reset();
}

RequestParser::Result RequestParser::parse(MutableBytes& input, Request& request, BodyChoice* choice) {
    release();
    const auto progress =
        partial_ ? continue_partial(input, request, choice) : parse_in_place(input, request, choice);
    complete_ = progress && *progress != Progress::needs_more;
    if (complete_) continue_wanted_ = false;
    return progress;
}

tl::expected<void, RequestError> RequestParser::skip_empty_lines(MutableBytes& input) {
    for (; !input.empty(); input = input.subspan(1), ++leading_bytes_) {
        const bool within_line = leading_bytes_ % 2 == 1;
        if (as_text(input).front() != (within_line ? '\n' : '\r')) {
            if (within_line) return refuse(400, "A CR without LF stands before the request line.");
            return {};
        }
        if (leading_bytes_ == 2 * empty_lines_max)
            return refuse(400, "Empty lines stand before the request line.");
    }
    return {};
}

RequestParser::Result RequestParser::parse_in_place(MutableBytes& input, Request& request,
                                                    BodyChoice* choice) {
    if (auto skipped = skip_empty_lines(input); !skipped) return tl::unexpected(std::move(skipped.error()));
    if (input.empty()) return Progress::needs_more;
    const auto text = as_text(input);
    if (!may_begin_request(text.front()))
        return refuse(400, "This is not HTTP: no method begins with this byte.");
    const auto end = find_head_end(text, 0, limits_);
    if (!end) return tl::unexpected(end.error());
    if (!*end) {
        keep(take_front(input, input.size()));
        return Progress::needs_more;
    }
    const auto head = parse_request_head(text.substr(0, **end), limits_, request);
    if (!head) return tl::unexpected(head.error());
    head_ = *head;
    if (choice != nullptr && choice->takes_body(request)) {
        input = input.subspan(**end);
        return Progress::body_follows;
    }
    if (auto fits = check_content_length(head_, gathered_body_limit(limits_)); !fits)
        return tl::unexpected(std::move(fits.error()));
    return parse_body_in_place(input, **end, request);
}

RequestParser::Result RequestParser::parse_body_in_place(MutableBytes& input, std::size_t head_size,
                                                         Request& request) {
    const auto rest = input.subspan(head_size);
    if (head_.framing == BodyFraming::chunked) {
        ChunkedDecoder decoder;
        const auto decoded = decoder.decode(rest, limits_, gathered_body_limit(limits_));
        if (!decoded) return tl::unexpected(decoded.error());
        request.body = as_text(decoded->data);
        if (decoder.done()) {
            input = rest.subspan(decoded->consumed);
            return Progress::complete;
        }
        // The data now lies right behind the head.
        auto& partial = keep(as_text(input.first(head_size + decoded->data.size())));
        partial.decoder = decoder;
    } else {
        if (head_.content_length <= rest.size()) {
            request.body = as_text(rest.first(static_cast<std::size_t>(head_.content_length)));
            input = rest.subspan(request.body.size());
            return Progress::complete;
        }
        keep(as_text(input));
    }
    partial_->head_size = head_size;
    continue_wanted_ = head_.expects_continue && rest.empty();
    input = {};
    return Progress::needs_more;
}

tl::expected<void, RequestError> RequestParser::continue_head(MutableBytes& input, Request& request) {
    auto& bytes = partial_->bytes;
    const auto searched = bytes.size();
    const auto head_max = static_cast<std::size_t>(limits_.max_header_size);
    const auto room = head_max - std::min(head_max, searched);  // the limit may be lower than it was
    bytes.append(as_text(input.first(std::min(input.size(), room))));
    const auto end = find_head_end(bytes, searched, limits_);
    if (!end) return tl::unexpected(end.error());
    if (!*end) {
        input = {};
        return {};
    }
    bytes.resize(**end);
    input = input.subspan(bytes.size() - searched);
    auto head = parse_request_head(bytes, limits_, request);
    if (!head) return tl::unexpected(std::move(head.error()));
    head_ = *head;
    partial_->head_size = bytes.size();
    continue_wanted_ = head_.expects_continue && input.empty();
    return {};
}

/// Whether the body is complete.
tl::expected<bool, RequestError> RequestParser::continue_body(MutableBytes& input) {
    auto& bytes = partial_->bytes;
    if (head_.framing == BodyFraming::chunked) {
        auto decoded = partial_->decoder.decode(input, limits_, gathered_body_limit(limits_));
        if (!decoded) return tl::unexpected(std::move(decoded.error()));
        bytes.append(as_text(decoded->data));
        input = input.subspan(decoded->consumed);
        return partial_->decoder.done();
    }
    const auto missing = head_.content_length - (bytes.size() - partial_->head_size);
    bytes.append(take_front(input, static_cast<std::size_t>(std::min<std::uint64_t>(missing, input.size()))));
    return bytes.size() - partial_->head_size == head_.content_length;
}

RequestParser::Result RequestParser::continue_partial(MutableBytes& input, Request& request,
                                                      BodyChoice* choice) {
    if (partial_->head_size == 0) {
        if (auto found = continue_head(input, request); !found)
            return tl::unexpected(std::move(found.error()));
        if (partial_->head_size == 0) return Progress::needs_more;
        if (choice != nullptr && choice->takes_body(request)) return Progress::body_follows;
        if (auto fits = check_content_length(head_, gathered_body_limit(limits_)); !fits)
            return tl::unexpected(std::move(fits.error()));
    }
    const auto complete = continue_body(input);
    if (!complete) return tl::unexpected(complete.error());
    if (!*complete) return Progress::needs_more;
    // Now the bytes stay where they are; an earlier reading of the head pointed elsewhere.
    const auto whole = std::string_view(partial_->bytes);
    const auto head = parse_request_head(whole.substr(0, partial_->head_size), limits_, request);
    if (!head) return tl::unexpected(head.error());
    request.body = whole.substr(partial_->head_size);
    return Progress::complete;
}

RequestParser::Partial& RequestParser::keep(std::string_view bytes) {
    partial_ = std::make_unique<Partial>();
    partial_->bytes = bytes;
    return *partial_;
}

}  // namespace parley::http
