#include "http/etag.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

TEST(IfNoneMatch, ComparesWeakly) {
    struct Case {
        const char* rule;
        std::string_view field;
        std::string_view etag;
        bool matches;
    };
    const Case cases[] = {
        {"equal", R"("a")", R"("a")", true},
        {"different", R"("b")", R"("a")", false},
        {"weak field", R"(W/"a")", R"("a")", true},
        {"weak tag", R"("a")", R"(W/"a")", true},
        {"both weak", R"(W/"a")", R"(W/"a")", true},
        {"letter case counts", R"("A")", R"("a")", false},
        {"anything", "*", R"("a")", true},
        {"first of a list", R"("a", "b")", R"("a")", true},
        {"last of a list", R"("c",W/"b" , "a")", R"("a")", true},
        {"none of a list", R"("b", "c")", R"("a")", false},
        {"empty elements", R"(, ,"a")", R"("a")", true},
        {"a comma in a tag", R"("x,y", "a")", R"("x,y")", true},
        {"part of a tag", R"("x,y")", R"("x")", false},
        {"a star in quotes", R"("*")", R"("a")", false},
        {"a star in a list", R"(*, "b")", R"("a")", false},
        {"no quotes", "a", R"("a")", false},
        {"no end", R"("b", "a)", R"("a")", false},
        {"behind a broken one", R"(b, "a")", R"("a")", false},
        {"weakness in lower case", R"(w/"a")", R"("a")", false},
        {"nothing", "", R"("a")", false},
    };
    for (const auto& [rule, field, etag, matches] : cases) {
        Request request;
        request.headers.push_back({"if-none-match", field});
        EXPECT_EQ(if_none_match(request, etag), matches) << rule;
    }
}

TEST(IfNoneMatch, LooksAtEveryField) {
    Request request;
    EXPECT_FALSE(if_none_match(request, R"("a")"));
    request.headers.push_back({"If-None-Match", R"("b")"});
    request.headers.push_back({"Accept", R"("a")"});
    EXPECT_FALSE(if_none_match(request, R"("a")"));
    request.headers.push_back({"If-None-Match", R"("a")"});
    EXPECT_TRUE(if_none_match(request, R"("a")"));
}

}  // namespace
}  // namespace parley::http
