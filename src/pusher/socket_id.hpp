#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace parley::pusher {

/// The public name of one connection, written `first.second`; unique in the whole cluster.
struct SocketId {
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    /// Both halves in one number.
    [[nodiscard]] constexpr std::uint64_t packed() const { return std::uint64_t{first} << 32U | second; }

    friend constexpr bool operator==(SocketId, SocketId) = default;
};

enum class SocketIdError : std::uint8_t {
    malformed,  // not digits, a dot, digits
    unknown     // well-formed, but no socket id of ours looks like it
};

/// Reads a socket id (`^\d+\.\d+$`, as every server library checks). A publisher that excludes an `unknown`
/// one makes no mistake: it may stem from another server or from before a restart.
[[nodiscard]] tl::expected<SocketId, SocketIdError> parse_socket_id(std::string_view text);

[[nodiscard]] std::string to_string(SocketId id);

}  // namespace parley::pusher

template <>
struct std::hash<parley::pusher::SocketId> {
    std::size_t operator()(parley::pusher::SocketId id) const noexcept {
        return std::hash<std::uint64_t>{}(id.packed());
    }
};
