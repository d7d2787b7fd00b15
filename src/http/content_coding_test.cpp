#include "http/content_coding.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

TEST(CodingWeight, FollowsTheField) {
    struct Case {
        const char* rule;
        std::string_view field;
        int brotli;
        int gzip;
        int identity;
    };
    const Case cases[] = {
        {"a browser's", "gzip, deflate, br, zstd", 1000, 1000, 1},
        {"only one", "br", 1000, 0, 1},
        {"letter case does not matter", "BR;Q=0.5, GZip", 500, 1000, 1},
        {"weights", "br;q=0.25, gzip;q=1.0, identity;q=0.125", 250, 1000, 125},
        {"spaces", " br ; q=0.2 ,\tgzip;\tq=0.3", 200, 300, 1},
        {"refused", "br;q=0, gzip;q=0.000", 0, 0, 1},
        {"identity refused", "br, identity;q=0", 1000, 0, 0},
        {"everything", "*", 1000, 1000, 1000},
        {"everything else", "gzip;q=0.5, *;q=0.25", 250, 500, 250},
        {"nothing else", "gzip, *;q=0", 0, 1000, 0},
        {"but identity", "*;q=0, identity", 0, 0, 1000},
        {"nothing named", "", 0, 0, 1},
        {"empty elements", ",, br,", 1000, 0, 1},
        {"a longer name", "brotli, xbr, gzip2", 0, 0, 1},
        {"named twice", "br;q=0.5, br;q=0", 500, 0, 1},
        {"above one", "br;q=1.001, gzip;q=2", 0, 0, 1},
        {"too precise", "br;q=0.1234", 0, 0, 1},
        {"only a point", "br;q=0., gzip;q=1.", 0, 1000, 1},
        {"no digits", "br;q=, gzip;q=x", 0, 0, 1},
        {"digits elsewhere", "br;q=0.5x, gzip;q=-1", 0, 0, 1},
        {"another parameter", "br;level=1, gzip;", 0, 0, 1},
    };
    for (const auto& [rule, field, brotli, gzip, identity] : cases) {
        Request request;
        request.headers.push_back({"accept-encoding", field});
        EXPECT_EQ(coding_weight(request, "br"), brotli) << rule;
        EXPECT_EQ(coding_weight(request, "gzip"), gzip) << rule;
        EXPECT_EQ(coding_weight(request, "identity"), identity) << rule;
    }
}

TEST(CodingWeight, WithoutTheFieldOnlyIdentityIsWanted) {
    Request request;
    request.headers.push_back({"Accept", "br"});
    EXPECT_EQ(coding_weight(request, "br"), 0);
    EXPECT_EQ(coding_weight(request, "identity"), 1);
}

TEST(CodingWeight, LooksAtEveryField) {
    Request request;
    request.headers.push_back({"Accept-Encoding", "gzip, *;q=0.5"});
    request.headers.push_back({"Accept-Encoding", "br;q=0"});
    EXPECT_EQ(coding_weight(request, "gzip"), 1000);
    EXPECT_EQ(coding_weight(request, "br"), 0);
    EXPECT_EQ(coding_weight(request, "identity"), 500);
}

}  // namespace
}  // namespace parley::http
