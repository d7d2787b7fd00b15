#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "hub/publisher.hpp"
#include "net/frame.hpp"

namespace parley::handover {

/// The version of what is said on a link. Servers of different versions do not link.
inline constexpr std::uint32_t link_version = 1;

enum class FrameKind : std::uint8_t {
    hello = 1,      // the first frame in each direction: its version
    take_over = 2,  // of the successor: it serves, the elder may send its connections away
    events = 3      // published on the sender's side
};

/// Frames are a length of four bytes (of what follows; little endian, as all numbers), the kind, and the
/// body.
[[nodiscard]] net::SharedFrame encode_hello();
[[nodiscard]] net::SharedFrame encode_take_over();
[[nodiscard]] net::SharedFrame encode_events(std::string_view app_id, std::span<const hub::Event> events);

/// How many bytes a hello has.
inline constexpr std::size_t hello_bytes = 4 + 1 + 4;

/// Whether `frame` is a whole hello of our version.
[[nodiscard]] bool is_our_hello(Bytes frame);

/// Events as they came; borrows from the frame.
struct PublishedEvents {
    struct One {
        std::string_view name;
        std::string_view data;
        std::vector<std::string> channels;
        std::optional<pusher::SocketId> except;
    };

    std::string_view app_id;
    std::vector<One> events;
};

/// Empty when the body of a frame is not what `encode_events` makes.
[[nodiscard]] std::optional<PublishedEvents> decode_events(Bytes body);

/// Puts frames together from the pieces in which bytes arrive.
class FrameReader {
public:
    struct Received {
        FrameKind kind;
        Bytes body;  // borrowed until the next call
    };

    void append(Bytes bytes);

    /// The next whole frame; nothing until more has been appended, or when `broken`.
    [[nodiscard]] std::optional<Received> next();

    /// Whether a length was out of range: what follows cannot be understood.
    [[nodiscard]] bool broken() const { return broken_; }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t read_ = 0;  // of them
    bool broken_ = false;
};

}  // namespace parley::handover
