#include "net/frame.hpp"

#include <cstring>
#include <new>

namespace parley::net {

SharedFrame SharedFrame::of(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    auto* frame = new (::operator new(sizeof(Frame) + size)) Frame(size);
    auto* to = frame->data();
    for (const auto part : parts) {
        if (part.empty()) continue;
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    }
    return SharedFrame(frame);
}

void SharedFrame::release() {
    frame_->~Frame();
    ::operator delete(frame_);
}

}  // namespace parley::net
