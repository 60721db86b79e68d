#include "base/encodings.hpp"

#include <gtest/gtest.h>

#include "base/hmac.hpp"

namespace millrace {
namespace {

// RFC 4648, 10.
TEST(Base64, IsThatOfTheStandard) {
  const std::string text = "foobar";
  const char* const expected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t size = 0; size <= text.size(); ++size)
    EXPECT_EQ(base64(text.substr(0, size)), expected[size]);
}

TEST(Utf8, KeepsCharactersAndReplacesOtherBytes) {
  EXPECT_EQ(as_utf8("a日ö"), "a日ö");
  EXPECT_EQ(as_utf8("a\xC3(\xFF"), "a\xEF\xBF\xBD(\xEF\xBF\xBD");
  EXPECT_EQ(as_utf8(""), "");
}

// RFC 4231, 4.3.
TEST(Hmac, IsThatOfTheStandard) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Base64, ComesBack) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(Base64, RefusesWhatItDoesNotWrite) {
  for (const char* text :
       {"A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA=A", "AA\n=", "AAAA=", "Zm9v Zm9"})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace millrace
