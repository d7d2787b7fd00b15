#include "handover/frames.hpp"

#include <algorithm>
#include <cstdint>

namespace parley::handover {

namespace {

constexpr std::size_t length_bytes = 4;
constexpr std::size_t socket_id_bytes = 8;
constexpr std::uint32_t frame_bytes_max = 256U * 1024U * 1024U;  // above any publish that limits allow

class BodyWriter {
public:
    explicit BodyWriter(FrameKind kind) { number(static_cast<std::uint8_t>(kind), 1); }

    void number(std::uint64_t value, std::size_t size) { append(bytes_, value, size); }

    void text(std::string_view text) {
        number(text.size(), length_bytes);
        bytes_.append(text);
    }

    [[nodiscard]] net::SharedFrame finish() const {
        std::string length;
        append(length, bytes_.size(), length_bytes);
        return net::SharedFrame::of({length, bytes_});
    }

private:
    static void append(std::string& bytes, std::uint64_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    }

    std::string bytes_;
};

/// Reads what `BodyWriter` wrote; once something is missing all that follows is, too.
class BodyReader {
public:
    explicit BodyReader(Bytes bytes) : rest_(bytes) {}

    std::uint64_t number(std::size_t size) {
        if (!has(size)) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{rest_[i]} << (8 * i);
        rest_ = rest_.subspan(size);
        return value;
    }

    std::string_view text() {
        const auto size = number(length_bytes);
        if (!has(size)) return {};
        const std::string_view text(reinterpret_cast<const char*>(rest_.data()), size);
        rest_ = rest_.subspan(size);
        return text;
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return !failed_ && rest_.empty(); }

private:
    bool has(std::uint64_t size) {
        if (rest_.size() >= size) return true;
        failed_ = true;
        rest_ = {};
        return false;
    }

    Bytes rest_;
    bool failed_ = false;
};

PublishedEvents::One read_event(BodyReader& reader) {
    PublishedEvents::One event;
    event.name = reader.text();
    event.data = reader.text();
    if (reader.number(1) != 0) {
        const auto packed = reader.number(socket_id_bytes);
        event.except =
            pusher::SocketId{static_cast<std::uint32_t>(packed >> 32U), static_cast<std::uint32_t>(packed)};
    }
    const auto count = reader.number(length_bytes);
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) event.channels.emplace_back(reader.text());
    return event;
}

}  // namespace

net::SharedFrame encode_hello() {
    BodyWriter writer(FrameKind::hello);
    writer.number(link_version, 4);
    return writer.finish();
}

net::SharedFrame encode_take_over() { return BodyWriter(FrameKind::take_over).finish(); }

net::SharedFrame encode_events(std::string_view app_id, std::span<const hub::Event> events) {
    BodyWriter writer(FrameKind::events);
    writer.text(app_id);
    writer.number(events.size(), length_bytes);
    for (const auto& event : events) {
        writer.text(event.name);
        writer.text(event.data);
        writer.number(event.except ? 1 : 0, 1);
        if (event.except) writer.number(event.except->packed(), socket_id_bytes);
        writer.number(event.channels.size(), length_bytes);
        for (const auto& channel : event.channels) writer.text(channel);
    }
    return writer.finish();
}

bool is_our_hello(Bytes frame) {
    const auto ours = encode_hello();
    return std::ranges::equal(frame, ours->bytes());
}

std::optional<PublishedEvents> decode_events(Bytes body) {
    BodyReader reader(body);
    PublishedEvents published;
    published.app_id = reader.text();
    const auto count = reader.number(length_bytes);
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i)
        published.events.push_back(read_event(reader));
    if (!reader.at_end()) return std::nullopt;
    return published;
}

void FrameReader::append(Bytes bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(read_));
    read_ = 0;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

auto FrameReader::next() -> std::optional<Received> {
    const auto rest = Bytes(bytes_).subspan(read_);
    if (broken_ || rest.size() < length_bytes) return std::nullopt;
    const auto length = BodyReader(rest).number(length_bytes);
    if (length == 0 || length > frame_bytes_max) {
        broken_ = true;
        return std::nullopt;
    }
    if (rest.size() - length_bytes < length) return std::nullopt;
    read_ += length_bytes + length;
    const auto frame = rest.subspan(length_bytes, length);
    return Received{static_cast<FrameKind>(frame.front()), frame.subspan(1)};
}

}  // namespace parley::handover
