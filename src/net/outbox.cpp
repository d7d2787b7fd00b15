#include "net/outbox.hpp"

#include <algorithm>
#include <cassert>

namespace parley::net {

namespace {

// A burst must not leave its list behind in every idle connection.
constexpr std::size_t kept_frames_max = 4;

}  // namespace

Queued Outbox::push(const SharedFrame& frame, std::size_t pending_bytes_max) {
    const std::size_t size = frame->size();
    if (pending_bytes_ > 0 && pending_bytes_ + size > pending_bytes_max) return Queued::over_limit;
    if (size == 0) return Queued::accepted;
    frames_.push_back(frame);
    pending_bytes_ += size;
    return Queued::accepted;
}

std::size_t Outbox::gather(std::span<iovec> pieces) const {
    const std::size_t count = std::min(pieces.size(), frames_.size() - first_);
    for (std::size_t i = 0; i < count; ++i) {
        const auto bytes = frames_[first_ + i]->bytes().subspan(i == 0 ? first_written_ : 0);
        // sendmsg never writes through iov_base; its type predates const.
        pieces[i] = {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    }
    return count;
}

Bytes Outbox::front(MutableBytes scratch) const {
    if (empty()) return {};
    const auto first = frames_[first_]->bytes().subspan(first_written_);
    if (first.size() >= scratch.size()) return first.first(scratch.size());
    if (first.size() == pending_bytes_) return first;
    std::size_t filled = 0;
    for (std::size_t i = first_; i < frames_.size() && filled < scratch.size(); ++i) {
        const auto bytes = i == first_ ? first : frames_[i]->bytes();
        const auto size = std::min(bytes.size(), scratch.size() - filled);
        std::copy_n(bytes.data(), size, scratch.data() + filled);
        filled += size;
    }
    return scratch.first(filled);
}

void Outbox::consume(std::size_t bytes) {
    assert(bytes <= pending_bytes_);
    pending_bytes_ -= bytes;
    while (bytes > 0) {
        const std::size_t left = frames_[first_]->size() - first_written_;
        if (bytes < left) {
            first_written_ += static_cast<std::uint32_t>(bytes);
            break;
        }
        bytes -= left;
        frames_[first_++] = {};
        first_written_ = 0;
    }
    compact();
}

void Outbox::drop_unstarted(std::size_t begun_bytes) {
    // Counted from the beginning of the first frame that is left, like the frames' sizes below.
    const std::size_t begun = first_written_ + begun_bytes;
    std::size_t kept = 0;
    std::size_t end = first_;
    while (kept < begun) kept += frames_[end++]->size();
    frames_.resize(end);
    pending_bytes_ = kept - (kept > 0 ? first_written_ : 0);
    compact();
}

void Outbox::compact() {
    if (pending_bytes_ == 0) {
        frames_.clear();
        first_ = 0;
        if (frames_.capacity() > kept_frames_max) frames_ = {};
    } else if (first_ > frames_.size() / 2) {
        frames_.erase(frames_.begin(), frames_.begin() + first_);
        first_ = 0;
    }
}

}  // namespace parley::net
