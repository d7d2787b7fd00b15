#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <vector>

#include "net/frame.hpp"

namespace parley::net {

enum class Queued : std::uint8_t { accepted, over_limit };

/// Frames waiting for one connection, in order. Belongs to that connection's loop; not thread-safe.
class Outbox {
public:
    /// Shares `frame` (no copy). over_limit: nothing was queued, because more than `pending_bytes_max` would
    /// wait. An empty outbox accepts any frame.
    [[nodiscard]] Queued push(const SharedFrame& frame, std::size_t pending_bytes_max);

    [[nodiscard]] bool empty() const { return pending_bytes_ == 0; }

    /// Bytes that the kernel has not yet taken.
    [[nodiscard]] std::size_t pending_bytes() const { return pending_bytes_; }

    /// Points `pieces` at the next bytes to write and returns how many pieces were filled.
    [[nodiscard]] std::size_t gather(std::span<iovec> pieces) const;

    /// The next bytes to write in one piece, at most as many as fit into `scratch`: copied there unless they
    /// lie together in one frame. None when it is empty.
    [[nodiscard]] Bytes front(MutableBytes scratch) const;

    /// Forgets `bytes` that were written from the front, at most `pending_bytes()`.
    void consume(std::size_t bytes);

    /// Forgets everything but the rest of a frame that is partly written: what a peer must still get so that
    /// the next frame is understood. The first `begun_bytes` count as written.
    void drop_unstarted(std::size_t begun_bytes = 0);

private:
    void compact();

    std::vector<SharedFrame> frames_;  // from first_ on still to be written
    std::uint32_t first_ = 0;
    std::uint32_t first_written_ = 0;  // bytes of frames_[first_] that are out already
    std::size_t pending_bytes_ = 0;    // sum of what is left
};

}  // namespace parley::net
