#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"

namespace parley::net {

/// Encoded bytes that never change, shared by the outboxes of many connections on many loops: a counter and
/// the bytes in one allocation. Held through `SharedFrame`.
class Frame {
public:
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    [[nodiscard]] Bytes bytes() const { return {data(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    friend class SharedFrame;

    explicit Frame(std::size_t size) : size_(size) {}
    ~Frame() = default;

    [[nodiscard]] const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
    [[nodiscard]] std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(this + 1); }

    mutable std::atomic<std::uint32_t> references_{1};
    std::size_t size_;
};

/// A counted reference to a `Frame`. Copies may live on any thread.
class SharedFrame {
public:
    SharedFrame() = default;

    /// A frame of `parts`, one behind the other. The bytes are copied, once.
    [[nodiscard]] static SharedFrame of(std::initializer_list<std::string_view> parts);

    SharedFrame(const SharedFrame& other) : frame_(other.frame_) {
        if (frame_ != nullptr) frame_->references_.fetch_add(1, std::memory_order_relaxed);
    }
    SharedFrame(SharedFrame&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    SharedFrame& operator=(SharedFrame other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~SharedFrame() {
        if (frame_ != nullptr && frame_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) release();
    }

    const Frame* operator->() const { return frame_; }
    const Frame& operator*() const { return *frame_; }
    explicit operator bool() const { return frame_ != nullptr; }

private:
    explicit SharedFrame(Frame* frame) : frame_(frame) {}
    void release();

    Frame* frame_ = nullptr;
};

}  // namespace parley::net
