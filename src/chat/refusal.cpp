#include "chat/refusal.hpp"

#include <utility>

namespace parley::chat {

tl::unexpected<Refusal> not_found(std::string_view what) {
    return tl::unexpected(Refusal{
        .reason = Reason::not_found, .code = "not_found", .message = std::string(what) + " not found."});
}

tl::unexpected<Refusal> forbidden(std::string message) {
    return tl::unexpected(
        Refusal{.reason = Reason::forbidden, .code = "forbidden", .message = std::move(message)});
}

tl::unexpected<Refusal> conflict(std::string code, std::string message) {
    return tl::unexpected(
        Refusal{.reason = Reason::conflict, .code = std::move(code), .message = std::move(message)});
}

tl::unexpected<Refusal> invalid(std::string field, std::string message) {
    return tl::unexpected(invalid_fields({{std::move(field), std::move(message)}}));
}

Refusal invalid_fields(std::vector<FieldError> errors) {
    // As Laravel does: the message of the whole is that of its first error.
    auto message = errors.front().message;
    const auto others = errors.size() - 1;
    if (others > 0) message += " (and " + std::to_string(others) + " more error" + (others > 1 ? "s)" : ")");
    return {.reason = Reason::invalid,
            .code = "validation_failed",
            .message = std::move(message),
            .errors = std::move(errors)};
}

tl::unexpected<Refusal> unauthenticated() {
    return tl::unexpected(
        Refusal{.reason = Reason::unauthenticated, .code = "unauthenticated", .message = "Unauthenticated."});
}

tl::unexpected<Refusal> too_many(std::string message, std::int64_t retry_after_ms) {
    return tl::unexpected(Refusal{.reason = Reason::too_many,
                                  .code = "too_many_requests",
                                  .message = std::move(message),
                                  .retry_after_ms = retry_after_ms});
}

}  // namespace parley::chat
