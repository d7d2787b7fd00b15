#include "cli/why.hpp"

#include <gtest/gtest.h>

namespace parley::cli {
namespace {

TEST(RefusalsText, ShowsEverythingThatIsKnown) {
    EXPECT_EQ(
        refusals_text(
            R"({"refusals":[{"at_ms":1768905000000,"kind":"subscription","code":"wrong_signature","status":4009,)"
            R"("sentence":"The signature does not match.","compared":"1.2:private-x","cure":"Compare.",)"
            R"("app_id":"one","channel":"private-x","socket_id":"1.2","peer":"127.0.0.1","request":""},)"
            R"({"at_ms":1768905001000,"kind":"publish","code":"clock_off","status":401,"sentence":"Late.",)"
            R"("compared":"POST\n/apps/one/events\na=b","cure":"","app_id":"","channel":"","socket_id":"",)"
            R"("peer":"","request":"POST /apps/one/events"}]})"),
        "2026-01-20T10:30:00.000Z  subscription  wrong_signature (4009)\n"
        "    The signature does not match.\n"
        "    app one, channel private-x, socket 1.2, from 127.0.0.1\n"
        "    compared  1.2:private-x\n"
        "    hint      Compare.\n"
        "\n"
        "2026-01-20T10:30:01.000Z  publish  clock_off (401)\n"
        "    Late.\n"
        "    request POST /apps/one/events\n"
        "    compared  POST\n"
        "              /apps/one/events\n"
        "              a=b\n");
}

TEST(RefusalsText, SaysWhenThereAreNone) {
    EXPECT_EQ(refusals_text(R"({"refusals":[]})"), "Nothing has been refused since the server started.\n");
}

TEST(RefusalsText, SteersNoTerminal) {
    const auto text =
        refusals_text("{\"refusals\":[{\"sentence\":\"a\\u001b[2Jb\",\"compared\":\"\\u009bc\"}]}");
    ASSERT_TRUE(text);
    EXPECT_EQ(text->find('\x1b'), std::string::npos);
    EXPECT_EQ(text->find("\u009b"), std::string::npos);
}

TEST(RefusalsText, IsNotMadeOfAnythingElse) {
    for (const char* json : {"", "[]", "{}", R"({"refusals":1})", "<html>"})
        EXPECT_FALSE(refusals_text(json)) << json;
}

}  // namespace
}  // namespace parley::cli
