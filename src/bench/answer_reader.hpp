#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace parley::bench {

/// An answer of an HTTP server.
struct Answer {
    int status = 0;
    std::string_view body = {};
    bool closes = false;    // the server closes the connection behind it
    std::size_t bytes = 0;  // of the whole answer
};

/// Reads the answer at the front of `input` (RFC 9112), which points into it; empty when more bytes are
/// needed. Its body must have a length (Content-Length): a server that sends it in chunks is refused, with a
/// sentence, as is one that does not speak HTTP/1.
[[nodiscard]] tl::expected<std::optional<Answer>, std::string> read_answer(std::string_view input);

/// What a server said by refusing, for people: "the server answered 401: ..." with the first line of the
/// body.
[[nodiscard]] std::string refusal_sentence(const Answer& answer);

}  // namespace parley::bench
