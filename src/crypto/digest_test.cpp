#include "crypto/digest.hpp"

#include <gtest/gtest.h>

namespace parley::crypto {
namespace {

TEST(Digests, AgreeWithTheirStandards) {
    EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(base64(sha1("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11")),
              "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64(""), "");
}

}  // namespace
}  // namespace parley::crypto
