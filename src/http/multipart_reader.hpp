#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/bytes.hpp"

namespace parley::http {

/// What the head of a part says. All of it is the peer's: any bytes, which need not be UTF-8, and a filename
/// that may be a path.
struct MultipartPart {
    std::string name;
    std::optional<std::string> filename;  // there when the part is a file
    std::string content_type;             // as sent; "text/plain" when it is not (RFC 7578, section 4.4)
};

/// Hears what a `MultipartReader` reads. Must not destroy it.
class MultipartHandler {
public:
    virtual void on_part(const MultipartPart& part) = 0;

    /// The next bytes of the present part, at least one; gone after the call.
    virtual void on_part_data(Bytes piece) = 0;

    virtual void on_part_end() = 0;

    /// The last part has ended; what comes behind is ignored.
    virtual void on_parts_end() = 0;

protected:
    ~MultipartHandler() = default;
};

struct MultipartLimits {
    std::size_t part_header_bytes_max = 8'192;  // of one part, its blank line included
    std::size_t parts_max = 100;
};

/// The boundary that the value of a `Content-Type` field names (RFC 2046, section 5.1.1), quoted or not. The
/// error, a sentence for people, also when it is another type than multipart/form-data.
[[nodiscard]] tl::expected<std::string, std::string> multipart_boundary(std::string_view content_type);

/// Reads a multipart/form-data body (RFC 7578; RFC 2046, section 5.1) as it comes, wherever it is cut. Keeps
/// the head of a part until that is complete, and nothing of its data. Pure.
///
/// In names and filenames `%22`, `%0D` and `%0A` are decoded, as browsers encode them (HTML standard,
/// "multipart/form-data"), and `\"` and `\\`, as others do; other backslashes are those of a path.
/// `filename*` is ignored, as RFC 7578, section 4.2, wants it.
class MultipartReader {
public:
    /// `boundary` as `multipart_boundary` gives it; `handler` must outlive the reader.
    MultipartReader(std::string_view boundary, MultipartHandler& handler, const MultipartLimits& limits = {});

    /// Reads the next bytes. The error is a sentence for people; not to be called again after one.
    [[nodiscard]] tl::expected<void, std::string> feed(Bytes bytes);

    /// Whether the last part has ended; false at the end of a body is an error of the peer.
    [[nodiscard]] bool done() const { return state_ == State::epilogue; }

private:
    enum class State : std::uint8_t {
        content,          // of the present part, or before the first one
        delimiter_end,    // behind CR LF, two dashes and the boundary
        delimiter_dash,   // behind one dash more
        delimiter_space,  // behind a space or a tab
        delimiter_lf,     // a LF must follow
        header,
        epilogue
    };
    using Result = tl::expected<void, std::string>;

    static constexpr std::size_t line_end_bytes = 2;

    void read_content(std::string_view& input);
    void meet_delimiter();
    void give_back(std::size_t bytes);
    void emit(std::string_view data);
    [[nodiscard]] Result read_line_end(char c);
    void end_part();
    [[nodiscard]] Result read_header(char c);

    const std::string delimiter_;  // CR LF, two dashes and the boundary
    MultipartHandler& handler_;
    const MultipartLimits limits_;
    State state_ = State::content;
    bool in_part_ = false;
    // How much of the delimiter has been read, and how much of that is a line end which is no content: at the
    // beginning of a body, and of a part without any.
    std::size_t matched_ = line_end_bytes;
    std::size_t implied_ = line_end_bytes;
    std::size_t part_count_ = 0;
    std::string header_;  // of the present part, so far
};

}  // namespace parley::http
