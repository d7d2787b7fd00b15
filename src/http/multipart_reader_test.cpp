#include "http/multipart_reader.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using namespace std::string_literals;

/// Writes down what it hears; data that comes in pieces looks like one.
class Recorder final : public MultipartHandler {
public:
    void on_part(const MultipartPart& part) override {
        heard += "[" + part.name + "|" + part.filename.value_or("-") + "|" + part.content_type + "|";
    }
    void on_part_data(Bytes piece) override {
        EXPECT_FALSE(piece.empty());
        heard += as_text(piece);
    }
    void on_part_end() override { heard += "]"; }
    void on_parts_end() override { heard += "."; }

    std::string heard;
};

/// What is heard of `text` when it comes in pieces of at most `piece` bytes, the first of `first`; with
/// "error" behind it when it is refused.
std::string read(std::string_view text, std::size_t first, std::size_t piece,
                 const MultipartLimits& limits = {}) {
    Recorder recorder;
    MultipartReader reader("AB", recorder, limits);
    for (std::size_t size = first; !text.empty(); size = piece) {
        // A copy of its own, so that reading behind it is seen.
        const std::vector<std::uint8_t> bytes(text.begin(), text.begin() + std::min(size, text.size()));
        text.remove_prefix(bytes.size());
        if (!reader.feed(bytes)) return recorder.heard + "error";
    }
    EXPECT_EQ(reader.done(), recorder.heard.ends_with('.'));
    return recorder.heard;
}

/// The same whole, after asking that it is the same at every split and byte by byte.
std::string read(const std::string& text, const MultipartLimits& limits = {}) {
    const auto whole = read(text, text.size(), text.size(), limits);
    for (std::size_t split = 1; split < text.size(); ++split)
        EXPECT_EQ(read(text, split, text.size(), limits), whole) << split << " of " << text;
    EXPECT_EQ(read(text, 1, 1, limits), whole) << text;
    return whole;
}

std::string part(const std::string& name, const std::string& data) {
    return "--AB\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + data + "\r\n";
}

/// The part with these lines as its head, and nothing in it.
std::string with_head(const std::string& lines) { return read("--AB\r\n" + lines + "\r\n\r\n--AB--\r\n"); }

std::string with_disposition(const std::string& value) {
    return with_head("Content-Disposition: " + value + "\r\n");
}

TEST(MultipartReader, ReadsWhatABrowserSends) {
    EXPECT_EQ(read(part("text", "hello") +
                   "--AB\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
                   "Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--AB--\r\n"),
              "[text|-|text/plain|hello][file|a.png|image/png|\x89PNG\r\n\x1a\n].");
}

TEST(MultipartReader, FindsTheEndOfEachPart) {
    struct Case {
        const char* rule;
        std::string text;
        std::string heard;
    };
    const Case cases[] = {
        {"no part", "--AB--\r\n", "."},
        {"nothing in a part", part("a", "") + "--AB--", "[a|-|text/plain|]."},
        {"a part that ends with its head", "--AB\r\nContent-Disposition: form-data; name=a\r\n\r\n--AB--",
         "[a|-|text/plain|]."},
        {"line ends", part("a", "\r\n\r\n") + "--AB--", "[a|-|text/plain|\r\n\r\n]."},
        {"beginnings of a boundary", part("a", "\r\r\n\r\n-\r\n--\r\n--A\r\n--a\r") + "--AB--",
         "[a|-|text/plain|\r\r\n\r\n-\r\n--\r\n--A\r\n--a\r]."},
        {"a longer boundary", part("a", "x\r\n--ABC\r\n--AB-\r\n--AB-x") + "--AB--",
         "[a|-|text/plain|x\r\n--ABC\r\n--AB-\r\n--AB-x]."},
        {"a boundary within a line", part("a", "x--AB--") + "--AB--", "[a|-|text/plain|x--AB--]."},
        {"dashes at the beginning", part("a", "--A") + "--AB--", "[a|-|text/plain|--A]."},
        {"a longer boundary at the beginning", part("a", "--ABC") + "--AB--", "[a|-|text/plain|--ABC]."},
        {"a preamble", "hello\r\n--ABC\r\n" + part("a", "x") + "--AB--", "[a|-|text/plain|x]."},
        {"a line end before it all", "\r\n" + part("a", "x") + "--AB--", "[a|-|text/plain|x]."},
        {"an epilogue", part("a", "x") + "--AB--\r\n" + part("b", "y"), "[a|-|text/plain|x]."},
        {"spaces behind a boundary",
         "--AB \t\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--AB \r\n"
         "Content-Disposition: form-data; name=b\r\n\r\ny\r\n--AB--",
         "[a|-|text/plain|x][b|-|text/plain|y]."},
        {"no end", part("a", "x"), "[a|-|text/plain|x"},
        {"bytes of every kind", part("a", "\0\xff\n\r"s) + "--AB--", "[a|-|text/plain|\0\xff\n\r]."s},
    };
    for (const auto& [rule, text, heard] : cases) EXPECT_EQ(read(text), heard) << rule;
}

TEST(MultipartReader, ReadsTheHeadOfAPart) {
    struct Case {
        std::string disposition;
        std::string heard;
    };
    const Case cases[] = {
        {"form-data; name=a", "[a|-|text/plain|]."},
        {"FORM-DATA ;NAME=\"a\" ; x=y;", "[a|-|text/plain|]."},
        {"form-data; name=\"\"", "[|-|text/plain|]."},
        {"form-data; name=\"a\"; filename=\"\"", "[a||text/plain|]."},
        {"form-data; name=\"a;b\"; filename=\"c=d.txt\"", "[a;b|c=d.txt|text/plain|]."},
        {R"(form-data; name="a\"b\\c"; filename="C:\dir\d.txt")", R"([a"b\c|C:\dir\d.txt|text/plain|].)"},
        {"form-data; name=\"%22%0d%0A%41%2\"; filename=\"50%.txt\"", "[\"\r\n%41%2|50%.txt|text/plain|]."},
        {"form-data; name=a; filename*=utf-8''x", "[a|-|text/plain|]."},
        {"form-data; name=a; filename*=utf-8''x; filename=y", "[a|y|text/plain|]."},
        {"form-data; name=\"\xc3\xbc\"", "[\xc3\xbc|-|text/plain|]."},
    };
    for (const auto& [disposition, heard] : cases) EXPECT_EQ(with_disposition(disposition), heard);
    EXPECT_EQ(with_head("content-type:  a/b; c=d \r\nX-Other: 1\r\ncontent-disposition:form-data;name=a\r\n"
                        "Content-Transfer-Encoding: 8BIT\r\n"),
              "[a|-|a/b; c=d|].");
}

TEST(MultipartReader, RefusesABrokenHead) {
    for (const auto* const disposition :
         {"attachment; name=a", "form-data", "form-data; filename=a", "form-data; name",
          "form-data; name=\"a", "form-data; name=\"a\"x", "form-data; =a", "form-data; name=a; name=b",
          "form-data; name=a; filename=b; filename=c", "form-data name=a", "form-data; name=\"a\1\""})
        EXPECT_EQ(with_disposition(disposition), "error") << disposition;
    const auto good = "Content-Disposition: form-data; name=a\r\n"s;
    for (const auto& head :
         {""s, "Content-Type: a/b\r\n"s, good + good, good + " folded\r\n", good + "x\r\n", good + ": y\r\n",
          good + "x: a\nb\r\n", good + "x: a\rb\r\n", good + "Content-Type: a/b\r\nContent-Type: a/b\r\n",
          good + "Content-Transfer-Encoding: base64\r\n"})
        EXPECT_EQ(with_head(head), "error") << head;
}

TEST(MultipartReader, RefusesABrokenLineOfABoundary) {
    for (const auto* const text : {"--AB x\r\n", "--AB\rx", "--AB \rx", "--AB \n"})
        EXPECT_EQ(read(text), "error");
}

TEST(MultipartReader, LimitsTheHeadOfAPart) {
    const auto field = "Content-Disposition: form-data; name=a\r\n\r\n"s;
    const auto text = "--AB\r\n" + field + "x\r\n--AB--";
    EXPECT_EQ(read(text, {.part_header_bytes_max = field.size()}), "[a|-|text/plain|x].");
    EXPECT_EQ(read(text, {.part_header_bytes_max = field.size() - 1}), "error");
}

TEST(MultipartReader, LimitsTheNumberOfParts) {
    const auto text = part("a", "x") + part("b", "y") + "--AB--";
    EXPECT_EQ(read(text, {.parts_max = 2}), "[a|-|text/plain|x][b|-|text/plain|y].");
    EXPECT_EQ(read(text, {.parts_max = 1}), "[a|-|text/plain|x]error");
}

TEST(MultipartReader, PassesLargeDataOnInLargePieces) {
    class Counter final : public MultipartHandler {
    public:
        void on_part(const MultipartPart&) override {}
        void on_part_data(Bytes piece) override {
            ++pieces;
            bytes += piece.size();
        }
        void on_part_end() override {}
        void on_parts_end() override {}
        std::size_t pieces = 0;
        std::size_t bytes = 0;
    };
    Counter counter;
    MultipartReader reader("AB", counter);
    std::string data;
    for (int i = 0; i < 10'000; ++i) data += "x\r\n--A";
    ASSERT_TRUE(reader.feed(as_bytes(part("a", data))));
    EXPECT_EQ(counter.bytes, data.size());
    EXPECT_LE(counter.pieces, 2U);
}

TEST(MultipartBoundary, StandsInTheContentType) {
    const std::string longest(70, 'b');
    struct Case {
        std::string content_type;
        std::string boundary;  // empty: refused
    };
    const Case cases[] = {
        {"multipart/form-data; boundary=AB", "AB"},
        {"Multipart/Form-Data;BOUNDARY=AB", "AB"},
        {"multipart/form-data ; charset=x ; boundary=\"A B\" ; y=z", "A B"},
        {"multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
         "----WebKitFormBoundary7MA4YWxkTrZu0gW"},
        {"multipart/form-data; boundary=a:/=?", "a:/=?"},
        {"multipart/form-data; boundary=" + longest, longest},
        {"multipart/form-data; boundary=" + longest + "b", ""},
        {"multipart/form-data; boundary=", ""},
        {"multipart/form-data; boundary=\"\"", ""},
        {"multipart/form-data; boundary=\"A ", ""},
        {"multipart/form-data; boundary=\"A \"", ""},
        {"multipart/form-data; boundary=\"A\r\n\"", ""},
        {"multipart/form-data; boundary=A*", ""},
        {"multipart/form-data", ""},
        {"multipart/form-data; x=y", ""},
        {"multipart/form-data boundary=AB", ""},
        {"multipart/mixed; boundary=AB", ""},
        {"", ""},
    };
    for (const auto& [content_type, boundary] : cases)
        EXPECT_EQ(multipart_boundary(content_type).value_or(""), boundary) << content_type;
}

}  // namespace
}  // namespace parley::http
