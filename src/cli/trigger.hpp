#pragma once

#include <string>
#include <string_view>

#include "cli/commands.hpp"

namespace parley::cli {

/// The body of POST /apps/ID/events for this command (channels HTTP API, "POST event").
[[nodiscard]] std::string publish_body(const Trigger& command);

/// Why the server refused, for people: the sentence of its JSON answer, else the answer's first line.
[[nodiscard]] std::string refusal_sentence(long status, std::string_view body);

}  // namespace parley::cli
