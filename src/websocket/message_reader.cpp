#include "websocket/message_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/utf8.hpp"
#include "websocket/mask.hpp"

namespace parley::websocket {

/// What is incomplete, or was just completed and handed out.
struct MessageReader::Assembly {
    // The front of a frame header.
    std::array<std::uint8_t, frame_header_bytes_max> header_bytes;
    std::uint8_t header_size = 0;

    // A frame whose header is complete.
    std::optional<FrameHeader> frame;
    std::uint64_t frame_bytes = 0;  // of its payload, so far
    std::string control_payload;

    // A message whose first frame has begun.
    bool in_message = false;
    bool compressed = false;
    Opcode opcode = Opcode::text;
    Utf8Validator utf8;
    std::string payload;

    [[nodiscard]] bool idle() const { return header_size == 0 && !frame && !in_message; }

    void begin_frame(const FrameHeader& header) {
        frame = header;
        frame_bytes = 0;
        if (is_control(header.opcode) || header.opcode == Opcode::continuation) return;
        in_message = true;
        compressed = header.compressed;
        opcode = header.opcode;
    }
};

MessageReader::MessageReader(Role sender, std::size_t message_bytes_max, Inflater* inflater)
    : inflater_(inflater), message_bytes_max_(message_bytes_max), sender_(sender) {}

MessageReader::~MessageReader() = default;

tl::expected<std::optional<Message>, Violation> MessageReader::next(MutableBytes& input) {
    forget_finished();
    for (;;) {
        if (assembly_ == nullptr || !assembly_->frame) {
            const auto header = take_header(input);
            if (!header) return tl::unexpected(header.error());
            if (!*header) return std::nullopt;
            if (const auto checked = check_frame(**header); !checked) return tl::unexpected(checked.error());
            const bool alone = is_control((*header)->opcode) ||
                               ((*header)->final && (*header)->opcode != Opcode::continuation);
            if (alone && (*header)->payload_bytes <= input.size()) return whole_frame(**header, input);
            assembly().begin_frame(**header);
        }
        if (const auto taken = take_payload(input); !taken) return tl::unexpected(taken.error());
        if (assembly_->frame_bytes < assembly_->frame->payload_bytes) return std::nullopt;
        auto message = end_frame();
        if (!message || *message) return message;
    }
}

/// Lets go of what the last call handed out.
void MessageReader::forget_finished() {
    if (assembly_ == nullptr) return;
    if (assembly_->idle()) {
        assembly_.reset();
    } else if (!assembly_->frame) {
        assembly_->control_payload = {};
    }
}

MessageReader::Assembly& MessageReader::assembly() {
    if (assembly_ == nullptr) assembly_ = std::make_unique<Assembly>();
    return *assembly_;
}

tl::expected<std::optional<FrameHeader>, Violation> MessageReader::take_header(MutableBytes& input) {
    const FrameRules rules = {
        sender_, inflater_ != nullptr,
        inflater_ != nullptr ? compressed_bytes_max(message_bytes_max_) : std::uint64_t{message_bytes_max_}};
    const std::size_t kept = assembly_ == nullptr ? 0 : assembly_->header_size;
    if (kept == 0) {
        auto header = read_frame_header(input, rules);
        if (header && *header) input = input.subspan((*header)->size_bytes);
        if (!header || *header || input.empty()) return header;
    }
    auto& bytes = assembly().header_bytes;
    const std::size_t added = std::min(bytes.size() - kept, input.size());
    std::copy_n(input.begin(), added, bytes.begin() + static_cast<std::ptrdiff_t>(kept));
    auto header = read_frame_header(Bytes(bytes).first(kept + added), rules);
    if (!header) return header;
    if (*header) {
        input = input.subspan((*header)->size_bytes - kept);
        assembly_->header_size = 0;
    } else {
        input = {};
        assembly_->header_size = static_cast<std::uint8_t>(kept + added);
    }
    return header;
}

tl::expected<void, Violation> MessageReader::check_frame(const FrameHeader& header) const {
    if (is_control(header.opcode)) return {};
    const bool in_message = assembly_ != nullptr && assembly_->in_message;
    const bool continues = header.opcode == Opcode::continuation;
    if (continues && !in_message) return tl::unexpected(Violation::unexpected_continuation);
    if (!continues && in_message) return tl::unexpected(Violation::interleaved_message);

    const bool compressed = in_message ? assembly_->compressed : header.compressed;
    const std::uint64_t received = in_message ? assembly_->payload.size() : 0;
    const std::uint64_t bytes_max =
        compressed ? compressed_bytes_max(message_bytes_max_) : message_bytes_max_;
    if (received + header.payload_bytes > bytes_max) return tl::unexpected(Violation::too_large);
    return {};
}

tl::expected<void, Violation> MessageReader::take_payload(MutableBytes& input) {
    auto& frame = *assembly_->frame;
    const auto left = frame.payload_bytes - assembly_->frame_bytes;
    const auto part = input.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, input.size())));
    input = input.subspan(part.size());
    if (sender_ == Role::client) apply_mask(part, frame.mask_key, assembly_->frame_bytes);
    assembly_->frame_bytes += part.size();
    if (is_control(frame.opcode)) {
        assembly_->control_payload.append(as_text(part));
        return {};
    }
    const bool checks_text = assembly_->opcode == Opcode::text && !assembly_->compressed;
    if (checks_text && !assembly_->utf8.feed(part)) return tl::unexpected(Violation::invalid_utf8);
    assembly_->payload.append(as_text(part));
    return {};
}

tl::expected<std::optional<Message>, Violation> MessageReader::end_frame() {
    const auto frame = *std::exchange(assembly_->frame, std::nullopt);
    if (is_control(frame.opcode)) return Message{frame.opcode, assembly_->control_payload};
    if (!frame.final) return std::nullopt;
    assembly_->in_message = false;
    if (assembly_->compressed) return inflate(assembly_->opcode, assembly_->payload);
    if (assembly_->opcode == Opcode::text && !assembly_->utf8.complete())
        return tl::unexpected(Violation::invalid_utf8);
    return Message{assembly_->opcode, assembly_->payload};
}

/// A message or control frame that lies whole in `input`: nothing is copied.
tl::expected<std::optional<Message>, Violation> MessageReader::whole_frame(const FrameHeader& header,
                                                                           MutableBytes& input) {
    const auto payload = input.first(static_cast<std::size_t>(header.payload_bytes));
    input = input.subspan(payload.size());
    if (sender_ == Role::client) apply_mask(payload, header.mask_key, 0);
    if (header.compressed) return inflate(header.opcode, as_text(payload));
    if (header.opcode == Opcode::text && !is_valid_utf8(as_text(payload)))
        return tl::unexpected(Violation::invalid_utf8);
    return Message{header.opcode, as_text(payload)};
}

tl::expected<std::optional<Message>, Violation> MessageReader::inflate(Opcode opcode,
                                                                       std::string_view compressed) const {
    const auto payload = inflater_->inflate(compressed, message_bytes_max_);
    if (!payload) return tl::unexpected(payload.error());
    if (opcode == Opcode::text && !is_valid_utf8(*payload)) return tl::unexpected(Violation::invalid_utf8);
    return Message{opcode, *payload};
}

}  // namespace parley::websocket
