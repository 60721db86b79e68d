#include "base/digest.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

// FIPS 180-4's examples.
TEST(Digest, IsSha256) {
  EXPECT_EQ(digest_of("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest_of("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of("abc").brief(), "ba7816bf8f01");
}

TEST(Digest, DoesNotDependOnHowTheBytesArrive) {
  const std::string bytes = std::string(100'000, 'x') + std::string("\0y", 2);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{63}, std::size_t{64}, bytes.size()}) {
    Sha256 sha;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      sha.update(std::string_view(bytes).substr(at, piece));
    EXPECT_EQ(sha.finish(), digest_of(bytes)) << piece;
  }
}

TEST(Digest, OfAFileIsThatOfItsBytes) {
  const testing_support::TemporaryFolder folder;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, (std::size_t{1} << 20U) + 1}) {
    const std::string bytes(size, 'z');
    publish_file(folder / "file", bytes);
    EXPECT_EQ(digest_of_file(folder / "file"), digest_of(bytes)) << size;
  }
  EXPECT_THROW(digest_of_file(folder / "missing"), Error);
}

TEST(Digest, ReadsOnlyWhatIsOne) {
  const std::string hex = digest_of("abc").hex();
  EXPECT_EQ(Digest::from_hex(hex), digest_of("abc"));
  EXPECT_TRUE(Digest().empty());
  std::string upper_case = hex;
  upper_case[0] = 'B';
  for (const std::string& broken :
       {std::string(), hex.substr(1), hex + "0", upper_case, std::string(64, 'g')}) {
    try {
      (void)Digest::from_hex(broken);
      ADD_FAILURE() << broken;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource) << "it stood in a file";
    }
  }
}

// Shards hold checksums: the function must stay what it is.
TEST(Xxh3, IsTheSameEverywhere) {
  EXPECT_EQ(xxh3(""), 0x2d06800538d394c2U);
  EXPECT_NE(xxh3("", 1), xxh3(""));
  EXPECT_NE(xxh3("a"), xxh3("b"));
}

TEST(AsBytesView, CoversAllElements) {
  const std::vector<std::uint32_t> values{0x01020304, 0x05060708};
  EXPECT_EQ(as_bytes_view(std::span<const std::uint32_t>(values)), "\4\3\2\1\x08\7\6\5");
}

}  // namespace
}  // namespace millrace
