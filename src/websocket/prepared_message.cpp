#include "websocket/prepared_message.hpp"

#include <mutex>

#include "websocket/frame_header.hpp"

namespace parley::websocket {

struct PreparedMessage::Compressed {
    std::once_flag made;
    net::SharedFrame frame;
};

PreparedMessage PreparedMessage::text(std::string_view payload, DeflateUse deflate,
                                      std::size_t deflate_threshold) {
    const EncodedFrameHeader header(Opcode::text, payload.size());
    PreparedMessage message;
    message.plain_ = net::SharedFrame::of({header.text(), payload});
    message.header_bytes_ = header.text().size();
    if (deflate == DeflateUse::accepted && payload.size() >= deflate_threshold)
        message.compressed_ = std::make_shared<Compressed>();
    return message;
}

net::SharedFrame PreparedMessage::deflated(Deflater& deflater) const {
    if (compressed_ == nullptr) return plain_;
    std::call_once(compressed_->made, [&] {
        const auto smaller = deflater.deflate(payload());
        compressed_->frame =
            smaller ? net::SharedFrame::of(
                          {EncodedFrameHeader(Opcode::text, smaller->size(), Compression::deflate).text(),
                           *smaller})
                    : plain_;
    });
    return compressed_->frame;
}

}  // namespace parley::websocket
