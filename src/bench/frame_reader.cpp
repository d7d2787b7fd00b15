#include "bench/frame_reader.hpp"

namespace parley::bench {

namespace {

constexpr websocket::FrameRules rules = {.sender = websocket::Role::server,
                                         .deflate_negotiated = false,
                                         .payload_bytes_max = FrameReader::message_bytes_max};

}  // namespace

tl::expected<std::optional<FrameReader::Frame>, websocket::Violation> FrameReader::next_frame(Bytes& input) {
    const auto header = websocket::read_frame_header(input, rules);
    if (!header) return tl::unexpected(header.error());
    if (!*header || input.size() - (*header)->size_bytes < (*header)->payload_bytes) return std::nullopt;
    const auto payload =
        input.subspan((*header)->size_bytes, static_cast<std::size_t>((*header)->payload_bytes));
    input = input.subspan((*header)->size_bytes + payload.size());
    return Frame{**header, as_text(payload)};
}

tl::expected<std::optional<FrameReader::Message>, websocket::Violation> FrameReader::whole_message(
    const Frame& frame) {
    const auto& header = frame.header;
    if (websocket::is_control(header.opcode)) return Message{header.opcode, frame.payload};
    const bool continues = header.opcode == websocket::Opcode::continuation;
    if (continues && !fragmented_) return tl::unexpected(websocket::Violation::unexpected_continuation);
    if (!continues && fragmented_) return tl::unexpected(websocket::Violation::interleaved_message);
    if (!continues && header.final) return Message{header.opcode, frame.payload};

    if (message_given_) message_.clear();
    message_given_ = false;
    if (message_.size() + frame.payload.size() > message_bytes_max)
        return tl::unexpected(websocket::Violation::too_large);
    message_ += frame.payload;
    if (!continues) fragmented_ = header.opcode;
    if (!header.final) return std::nullopt;
    message_given_ = true;
    const auto opcode = *fragmented_;
    fragmented_.reset();
    return Message{opcode, message_};
}

/// Keeps `left`, the end of what was read; `kept` is how much of that is in `rest_` already.
void FrameReader::keep(Bytes left, std::size_t kept) {
    if (message_given_) {
        message_ = {};
        message_given_ = false;
    }
    if (kept == 0) {
        rest_.assign(left.begin(), left.end());
    } else if (left.empty()) {
        rest_ = {};  // an idle connection keeps nothing
    } else {
        rest_.erase(rest_.begin(), rest_.end() - static_cast<std::ptrdiff_t>(left.size()));
    }
}

}  // namespace parley::bench
