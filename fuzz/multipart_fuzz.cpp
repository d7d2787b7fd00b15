// The multipart/form-data reader, fed whole and in pieces: both must hear the same, whatever the peer sent.
// The first line of the input is the Content-Type that names the boundary.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "http/multipart_reader.hpp"

namespace {

using namespace parley;
using namespace parley::http;

constexpr MultipartLimits limits{.part_header_bytes_max = 256, .parts_max = 8};

/// Writes down what it hears, and that it comes in order.
class Listener final : public MultipartHandler {
public:
    void on_part(const MultipartPart& part) override {
        PARLEY_CHECK(!in_part_ && !ended_, "a part begins behind the end of the one before");
        PARLEY_CHECK(++parts_ <= limits.parts_max, "no more parts than allowed");
        PARLEY_CHECK(part.name.size() <= limits.part_header_bytes_max, "a name is part of a head");
        in_part_ = true;
        heard += "<" + part.name + "|" + part.filename.value_or("(none)") + "|" + part.content_type + ">";
    }
    void on_part_data(Bytes piece) override {
        PARLEY_CHECK(in_part_ && !piece.empty(), "data belongs to a part");
        data_bytes += piece.size();
        heard += as_text(piece);
    }
    void on_part_end() override {
        PARLEY_CHECK(in_part_, "a part has begun");
        in_part_ = false;
        heard += "</>";
    }
    void on_parts_end() override {
        PARLEY_CHECK(!in_part_ && !ended_, "the last part has ended, once");
        ended_ = true;
        heard += "<end>";
    }

    std::string heard;
    std::size_t data_bytes = 0;

private:
    std::size_t parts_ = 0;
    bool in_part_ = false;
    bool ended_ = false;
};

/// What is heard of `body` when it comes in pieces of `next_size()` bytes.
template <class NextSize>
std::string read(std::string_view boundary, std::string_view body, NextSize next_size) {
    Listener listener;
    MultipartReader reader(boundary, listener, limits);
    const auto body_bytes = body.size();
    while (!body.empty()) {
        const auto piece = body.substr(0, next_size());
        body.remove_prefix(piece.size());
        const std::vector<std::uint8_t> bytes(piece.begin(), piece.end());  // so that overreading is seen
        if (const auto fed = reader.feed(bytes); !fed) return listener.heard + "<refused>" + fed.error();
    }
    PARLEY_CHECK(listener.data_bytes <= body_bytes, "no data is made up");
    return listener.heard + (reader.done() ? "<done>" : "<open>");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    std::uint32_t state = data[0] + 1U;  // of a small generator that chooses the cuts
    const auto text = as_text({data + 1, size - 1});
    const auto line_end = std::min(text.find('\n'), text.size());
    const auto boundary = multipart_boundary(text.substr(0, line_end));
    if (!boundary) return 0;
    PARLEY_CHECK(!boundary->empty() && boundary->size() <= 70, "a boundary has its size");
    const auto body = text.substr(std::min(line_end + 1, text.size()));

    const auto whole = read(*boundary, body, [] { return std::string_view::npos; });
    const auto bytewise = read(*boundary, body, [] { return std::size_t{1}; });
    const auto pieces = read(*boundary, body, [&state] {
        state = state * 1'664'525U + 1'013'904'223U;
        return std::size_t{1} + (state >> 24U) % 40;
    });
    PARLEY_CHECK(whole == bytewise, "byte by byte the same is heard");
    PARLEY_CHECK(whole == pieces, "in pieces the same is heard");
    return 0;
}
