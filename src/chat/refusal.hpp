#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace parley::chat {

/// Why something was not done; each is one status of the REST API (chat spec, section 4).
enum class Reason : std::uint8_t {
    unreadable,       // 400
    unauthenticated,  // 401
    forbidden,        // 403: one may know that it is there
    not_found,        // 404: also what one may not see
    conflict,         // 409
    too_large,        // 413
    unsupported,      // 415: a media type that is not taken
    invalid,          // 422: a field does not fit; `errors` says which
    too_many,         // 429; `retry_after_ms`
    unavailable       // 503; `retry_after_ms`
};

/// What is wrong with one field, a sentence for people.
struct FieldError {
    std::string field;
    std::string message;
};

/// A refusal, as its client reads it. `code` is stable and for programs, `message` for people.
struct Refusal {
    Reason reason = Reason::invalid;
    std::string code = {};
    std::string message = {};
    std::vector<FieldError> errors = {};
    std::int64_t retry_after_ms = 0;
};

template <class T>
using Result = tl::expected<T, Refusal>;

/// There is nothing of that kind, or nothing that one may see: "Conversation not found."
[[nodiscard]] tl::unexpected<Refusal> not_found(std::string_view what);

/// One may not: `message` says which rule refused.
[[nodiscard]] tl::unexpected<Refusal> forbidden(std::string message);

/// It does not fit to how things are now.
[[nodiscard]] tl::unexpected<Refusal> conflict(std::string code, std::string message);

/// One field does not fit (422, in Laravel's shape).
[[nodiscard]] tl::unexpected<Refusal> invalid(std::string field, std::string message);

/// Several fields do not fit; `errors` is not empty.
[[nodiscard]] Refusal invalid_fields(std::vector<FieldError> errors);

/// No token, or none that is valid.
[[nodiscard]] tl::unexpected<Refusal> unauthenticated();

/// Too often; there is room again after `retry_after_ms`.
[[nodiscard]] tl::unexpected<Refusal> too_many(std::string message, std::int64_t retry_after_ms);

}  // namespace parley::chat
