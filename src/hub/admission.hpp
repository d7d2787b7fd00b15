#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pusher/close_code.hpp"
#include "pusher/refusal.hpp"

namespace parley::hub {

/// Why a connection is refused: said with `pusher:error` and a close frame, never with an HTTP status, which
/// tells clients nothing (channels protocol, "Refusing").
struct ConnectionRefusal {
    pusher::CloseCode code;
    pusher::RefusalCode reason;
    std::string sentence;
    std::string app_id = {};  // if it is known
};

/// Whether the path names a key and the client speaks a version of the protocol that we do. `key` is what
/// stands behind `PREFIX/app/`, still percent-encoded; `query` is raw.
[[nodiscard]] std::optional<ConnectionRefusal> check_path_and_protocol(std::string_view key,
                                                                       std::string_view query);

}  // namespace parley::hub
