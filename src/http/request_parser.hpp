#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "http/request.hpp"
#include "http/request_error.hpp"
#include "http/request_head.hpp"

namespace parley::http {

/// Says which bodies somebody else reads.
class BodyChoice {
public:
    /// Whether the parser leaves the body of `head`, a whole request but for that, to its caller.
    virtual bool takes_body(const Request& head) = 0;

protected:
    ~BodyChoice() = default;
};

/// Finds requests in the bytes of one connection, wherever they are cut. A request that lies whole in the
/// input is read where it lies, without a copy; only the parts of a split one are kept, so that memory
/// follows what has arrived and not what was announced. Pure.
class RequestParser {
public:
    enum class Progress : std::uint8_t { needs_more, complete, body_follows };

    /// `limits` must outlive the parser, and may change between two calls of `parse`.
    explicit RequestParser(const Limits& limits);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Takes the bytes of one request from the front of `input`. complete: `request` and `head()` describe
    /// it; it borrows from `input`, which may have been changed in place, or from the parser, until the next
    /// `parse` or `release`. needs_more: all of `input` is taken, `request` means nothing.
    /// body_follows: as complete, but `choice` took the body, which begins at the front of `input` and is not
    /// the parser's. Not to be called again after an error.
    [[nodiscard]] tl::expected<Progress, RequestError> parse(MutableBytes& input, Request& request,
                                                             BodyChoice* choice = nullptr);

    /// Of the request that `parse` returned last.
    [[nodiscard]] const RequestHead& head() const { return head_; }

    /// Whether a request has begun and is not complete.
    [[nodiscard]] bool begun() const;

    /// Whether the peer waits for "100 Continue" before it sends the body; true once for a request.
    [[nodiscard]] bool take_continue_wanted();

    /// Frees the memory of the complete request.
    void release();

private:
    struct Partial;
    using Result = tl::expected<Progress, RequestError>;

    [[nodiscard]] tl::expected<void, RequestError> skip_empty_lines(MutableBytes& input);
    [[nodiscard]] Result parse_in_place(MutableBytes& input, Request& request, BodyChoice* choice);
    [[nodiscard]] Result parse_body_in_place(MutableBytes& input, std::size_t head_size, Request& request);
    [[nodiscard]] tl::expected<void, RequestError> continue_head(MutableBytes& input, Request& request);
    [[nodiscard]] tl::expected<bool, RequestError> continue_body(MutableBytes& input);
    [[nodiscard]] Result continue_partial(MutableBytes& input, Request& request, BodyChoice* choice);
    Partial& keep(std::string_view bytes);

    const Limits& limits_;
    RequestHead head_;
    std::uint8_t leading_bytes_ = 0;  // of empty lines before the request
    bool complete_ = false;           // for the parser: the body may be somebody else's
    bool continue_wanted_ = false;
    std::unique_ptr<Partial> partial_;
};

}  // namespace parley::http
