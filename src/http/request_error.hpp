#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "base/utf8.hpp"

namespace parley::http {

/// Why bytes are refused as a request: what to answer before the connection is closed. Nothing behind them
/// can be read, since nobody knows where the next request would begin.
struct RequestError {
    int status;
    std::string message;  // a sentence for people
};

[[nodiscard]] inline tl::unexpected<RequestError> refuse(int status, std::string message) {
    return tl::unexpected(RequestError{.status = status, .message = std::move(message)});
}

/// The part of a peer's text that goes into a sentence.
[[nodiscard]] inline std::string_view excerpt(std::string_view text) {
    constexpr std::size_t excerpt_bytes_max = 200;
    return truncate_utf8(text, excerpt_bytes_max);
}

}  // namespace parley::http
