#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "websocket/deflate.hpp"

namespace parley::websocket {

/// Accepts the first offer of permessage-deflate that can be honoured, in the `Sec-WebSocket-Extensions`
/// value of a client (RFC 7692, section 7.1). An offer with an unknown, repeated or ill-valued parameter is
/// declined and the next one looked at; empty when none is left.
[[nodiscard]] std::optional<DeflateParameters> accept_deflate_offer(std::string_view extensions);

/// The `Sec-WebSocket-Extensions` value that answers an accepted offer.
[[nodiscard]] std::string encode_deflate_answer(const DeflateParameters& parameters);

}  // namespace parley::websocket
