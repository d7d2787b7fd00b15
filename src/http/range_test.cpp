#include "http/range.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

/// `whole`, `first-last` or `unsatisfiable`.
std::string reading(std::string_view field, std::uint64_t size) {
    const auto range = parse_range(field, size);
    if (range.kind == ByteRange::Kind::whole) return "whole";
    if (range.kind == ByteRange::Kind::unsatisfiable) return "unsatisfiable";
    return std::to_string(range.first) + "-" + std::to_string(range.last);
}

TEST(ParseRange, ChoosesWhatIsSent) {
    struct Case {
        std::string_view field;
        std::uint64_t size;
        std::string chosen;
    };
    const Case cases[] = {
        {"bytes=0-9", 100, "0-9"},
        {"bytes=0-0", 1, "0-0"},
        {"bytes=5-", 100, "5-99"},
        {"bytes=99-", 100, "99-99"},
        {"bytes=100-", 100, "unsatisfiable"},
        {"bytes=0-99", 100, "0-99"},
        {"bytes=0-100", 100, "0-99"},
        {"bytes=100-200", 100, "unsatisfiable"},
        {"bytes=-1", 100, "99-99"},
        {"bytes=-100", 100, "0-99"},
        {"bytes=-101", 100, "0-99"},
        {"bytes=-0", 100, "unsatisfiable"},
        {"bytes=0-", 0, "unsatisfiable"},
        {"bytes=-5", 0, "whole"},
        {"bytes=-0", 0, "unsatisfiable"},
        {"Bytes=0-1", 100, "0-1"},
        {"bytes= 0-1 ", 100, "0-1"},
        {"bytes=0-99999999999999999999999", 100, "0-99"},
        {"bytes=99999999999999999999999-", 100, "unsatisfiable"},
        {"bytes=-99999999999999999999999", 100, "0-99"},
        {"bytes=2-1", 100, "whole"},
        {"bytes=0-1,5-6", 100, "whole"},
        {"bytes=0-1, -1", 100, "whole"},
        {"bytes=-", 100, "whole"},
        {"bytes=", 100, "whole"},
        {"bytes", 100, "whole"},
        {"bytes=5", 100, "whole"},
        {"bytes=a-b", 100, "whole"},
        {"bytes=1-b", 100, "whole"},
        {"bytes=+1-2", 100, "whole"},
        {"bytes=1--2", 100, "whole"},
        {"lines=0-1", 100, "whole"},
        {"", 100, "whole"},
    };
    for (const auto& [field, size, chosen] : cases) EXPECT_EQ(reading(field, size), chosen) << field;
}

TEST(ContentRange, NamesThePartOrTheSize) {
    EXPECT_EQ(content_range(parse_range("bytes=5-", 100), 100), "bytes 5-99/100");
    EXPECT_EQ(content_range(parse_range("bytes=100-", 100), 100), "bytes */100");
}

}  // namespace
}  // namespace parley::http
