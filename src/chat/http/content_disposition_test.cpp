#include "chat/http/content_disposition.hpp"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

TEST(ContentDisposition, SaysTheNameInTheWayEveryClientReads) {
    EXPECT_EQ(content_disposition(true, "a b.png"), R"(inline; filename="a b.png")");
    EXPECT_EQ(content_disposition(false, "a.zip"), R"(attachment; filename="a.zip")");
    EXPECT_EQ(content_disposition(false, "na\xC3\xAFve \xF0\x9F\x98\x80.txt"),
              R"(attachment; filename="na_ve _.txt"; filename*=UTF-8''na%C3%AFve%20%F0%9F%98%80.txt)");
}

TEST(ContentDisposition, CannotBeLeft) {
    EXPECT_EQ(content_disposition(false, R"(a"; x="\.html)"),
              R"(attachment; filename="a_; x=__.html"; filename*=UTF-8''a%22%3B%20x%3D%22%5C.html)");
    EXPECT_EQ(content_disposition(false, "50%.txt"),
              R"(attachment; filename="50_.txt"; filename*=UTF-8''50%25.txt)");
    EXPECT_EQ(content_disposition(false, "a\r\nb"),
              "attachment; filename=\"a__b\"; filename*=UTF-8''a%0D%0Ab");
}

}  // namespace
}  // namespace parley::chat
