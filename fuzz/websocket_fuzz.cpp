// What a peer sends must give the same messages and the same violation however it is cut into reads, for both
// roles, with and without deflate. The first byte of the input chooses role and deflate, the second one seeds
// the cuts.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/utf8.hpp"
#include "websocket/close_code.hpp"
#include "websocket/message_reader.hpp"

namespace {

using namespace parley;
using namespace parley::websocket;

constexpr std::size_t message_bytes_max = 4'096;

struct Reading {
    std::vector<std::pair<Opcode, std::string>> messages;
    std::optional<Violation> violation;

    bool operator==(const Reading&) const = default;
};

void check(const Message& message) {
    PARLEY_CHECK(message.opcode != Opcode::continuation, "a continuation is no message");
    PARLEY_CHECK(message.payload.size() <=
                     (is_control(message.opcode) ? control_payload_bytes_max : message_bytes_max),
                 "a message has a limit");
    if (message.opcode == Opcode::text) PARLEY_CHECK(is_valid_utf8(message.payload), "text must be UTF-8");
    if (message.opcode != Opcode::close) return;
    const auto reason = parse_close_payload(message.payload);
    if (!reason) return;
    PARLEY_CHECK(is_valid_utf8(reason->reason), "the reason of a close frame must be UTF-8");
    if (reason->code)
        PARLEY_CHECK(encode_close_payload(*reason->code, reason->reason) == message.payload,
                     "a close payload must be written as it was read");
}

/// Reads one read's bytes from memory of exactly their size, so that reading past them is noticed.
void feed(MessageReader& reader, Bytes bytes, Reading& reading) {
    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    MutableBytes input(copy);
    while (!reading.violation) {
        const auto message = reader.next(input);
        if (!message) {
            reading.violation = message.error();
        } else if (!*message) {
            PARLEY_CHECK(input.empty(), "a reader that waits must have taken everything");
            return;
        } else {
            check(**message);
            reading.messages.emplace_back((*message)->opcode, (*message)->payload);
        }
    }
}

Reading read_in_pieces(Bytes bytes, Role sender, Inflater* inflater, std::uint32_t seed) {
    MessageReader reader(sender, message_bytes_max, inflater);
    Reading reading;
    while (!bytes.empty() && !reading.violation) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        const std::size_t piece = std::min<std::size_t>(bytes.size(), 1 + (seed >> 24U) % 23U);
        feed(reader, bytes.first(piece), reading);
        bytes = bytes.subspan(piece);
    }
    return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    static Inflater shared_inflater;
    const Role sender = (data[0] & 1) == 0 ? Role::client : Role::server;
    Inflater* const inflater = (data[0] & 2) == 0 ? nullptr : &shared_inflater;
    const Bytes bytes(data + 2, size - 2);

    MessageReader reader(sender, message_bytes_max, inflater);
    Reading whole;
    feed(reader, bytes, whole);
    PARLEY_CHECK(read_in_pieces(bytes, sender, inflater, data[1]) == whole, "cuts must make no difference");
    check({Opcode::close, as_text(bytes).substr(0, control_payload_bytes_max)});
    return 0;
}
