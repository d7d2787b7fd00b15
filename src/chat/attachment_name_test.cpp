#include "chat/attachment_name.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace parley::chat {
namespace {

using namespace std::string_literals;

struct NameCase {
    const char* rule;
    std::string sent;
    std::string kept;
};

TEST(CleanFileName, KeepsWhatIsANameAndNothingElse) {
    const NameCase cases[] = {
        {"plain", "photo.jpg", "photo.jpg"},
        {"a path", "../../etc/passwd", "passwd"},
        {"a path of Windows", "C:\\Users\\x\\y.txt", "y.txt"},
        {"a drive", "C:\\x", "x"},
        {"a path that ends in a folder", "a/b/", "file"},
        {"mixed separators", "a\\b/c\\d", "d"},
        {"nothing", "", "file"},
        {"spaces", "  \t ", "file"},
        {"only dots", "..", "file"},
        {"a hidden file", ".profile", ".profile"},
        {"a NUL", "a\0b.txt"s, "ab.txt"},
        {"line breaks", "a\r\nSet-Cookie: x", "aSet-Cookie: x"},
        {"C1 control characters", "a\xC2\x9B"s + "b", "ab"},
        {"an override of the direction", "photo\xE2\x80\xAEgpj.exe", "photogpj.exe"},
        {"an isolate of the direction",
         "\xE2\x81\xA6"
         "a\xE2\x81\xA9.txt",
         "a.txt"},
        {"spaces at the ends", "\xC2\xA0 a b.txt ", "a b.txt"},
        {"other scripts", "\xD0\xBE\xD1\x82\xD1\x87\xD1\x91\xD1\x82.pdf",
         "\xD0\xBE\xD1\x82\xD1\x87\xD1\x91\xD1\x82.pdf"},
        {"joined emoji", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB.png",
         "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB.png"},
        {"broken UTF-8", "a\xFF.txt", "a\xEF\xBF\xBD.txt"},
    };
    for (const auto& [rule, sent, kept] : cases) EXPECT_EQ(clean_file_name(sent, 255), kept) << rule;
}

TEST(CleanFileName, ShortensBeforeTheEnding) {
    const std::string longest(251, 'a');
    EXPECT_EQ(clean_file_name(longest + ".txt", 255), longest + ".txt");
    EXPECT_EQ(clean_file_name(longest + "a.txt", 255), longest + ".txt");
    EXPECT_EQ(clean_file_name("abc." + std::string(300, 'x'), 10), "abc.xxxxxx") << "that is no ending";
    EXPECT_EQ(clean_file_name("abc.txt", 4), "abc.") << "no room for more than the ending";
    EXPECT_EQ(clean_file_name("abc.txt", 1), "a");
}

TEST(CleanFileName, NeverCutsACharacter) {
    std::string name;
    for (int i = 0; i < 50; ++i) name += "\xF0\x9F\x98\x80";
    for (std::int64_t most = 1; most < 60; ++most) {
        const auto kept = clean_file_name(name + ".png", most);
        EXPECT_TRUE(is_valid_utf8(kept)) << most;
        EXPECT_TRUE(kept == "file" || kept.size() <= static_cast<std::size_t>(most)) << most;
    }
}

}  // namespace
}  // namespace parley::chat
