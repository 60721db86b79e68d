#include "ingestion/encoding.hpp"

#include <cerrno>

#include <gtest/gtest.h>
#include <iconv.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

// Bytes in pieces of any size.
class Pieces : public Unpacker {
 public:
  Pieces(std::string bytes, std::uint64_t seed) : bytes_(std::move(bytes)), random_(derive_key({seed})) {}

  std::string_view read() override {
    const std::size_t size = std::min<std::size_t>(1 + random_.below(5), bytes_.size() - at_);
    at_ += size;
    return std::string_view(bytes_).substr(at_ - size, size);
  }

 private:
  std::string bytes_;
  CounterRandom random_;
  std::size_t at_ = 0;
};

std::string decoded(const std::string& bytes, const std::string& encoding, std::uint64_t seed = 1) {
  const auto text = decoder(std::make_unique<Pieces>(bytes, seed), encoding, "a.csv");
  std::string all;
  for (std::string_view part = text->read(); !part.empty(); part = text->read()) all += part;
  return all;
}

struct Conversion {
  std::string text;  // of the sound bytes before the first that is not
  std::size_t stops_at = std::string::npos;
};

// By the C library.
Conversion by_iconv(std::string bytes, const char* to, const char* from) {
  const iconv_t converter = iconv_open(to, from);
  Conversion result{std::string(4 * bytes.size() + 4, '\0')};
  char* in = bytes.data();
  char* out = result.text.data();
  std::size_t in_left = bytes.size();
  std::size_t out_left = result.text.size();
  const bool failed = iconv(converter, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1);
  iconv_close(converter);
  result.text.resize(result.text.size() - out_left);
  if (failed) result.stops_at = bytes.size() - in_left;
  return result;
}

void expect_as_iconv(const std::string& bytes, const char* encoding, const char* in_iconv,
                     std::uint64_t seed = 1) {
  const Conversion expected = by_iconv(bytes, "UTF-8", in_iconv);
  if (expected.stops_at == std::string::npos) {
    EXPECT_EQ(decoded(bytes, encoding, seed), expected.text);
    return;
  }
  try {
    decoded(bytes, encoding, seed);
    ADD_FAILURE() << "no error at byte " << expected.stops_at;
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kWrongEncoding);
    EXPECT_NE(error.message().find(fmt::format("at byte {};", expected.stops_at)), std::string::npos)
        << error.message();
  }
}

TEST(Encoding, EveryByteIsThatOfTheCLibrary) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes = "ab" + std::string(1, static_cast<char>(byte)) + "c";
    expect_as_iconv(bytes, "latin-1", "ISO-8859-1");
    expect_as_iconv(bytes, "windows-1252", "CP1252");
  }
}

TEST(Encoding, AnyUnitsOfUtf16AreThoseOfTheCLibrary) {
  CounterRandom random(derive_key({3}));
  for (std::uint64_t round = 0; round < 3000; ++round) {
    std::string bytes = "a";  // no byte order mark, and no byte that the other order would
    bytes += '\0';
    for (std::uint64_t left = random.below(9); left > 0; --left) {
      const std::uint64_t high = random.below(3) == 0 ? 0xd8 + random.below(8) : random.below(0xd8);
      bytes += static_cast<char>(random.below(256));
      bytes += static_cast<char>(high);
    }
    if (random.below(10) == 0) bytes += 'x';
    expect_as_iconv(bytes, "utf-16le", "UTF-16LE", round);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
    expect_as_iconv(bytes, "utf-16be", "UTF-16BE", round);
  }
}

TEST(Encoding, AMarkSaysWhichUtf16ItIs) {
  const std::string text = "a,ß,漢,🎲\n";
  const std::string little = by_iconv(text, "UTF-16LE", "UTF-8").text;
  const std::string big = by_iconv(text, "UTF-16BE", "UTF-8").text;
  for (const char* setting : {"utf-8", "utf-16", "utf-16le"})
    EXPECT_EQ(decoded("\xff\xfe" + little, setting), text) << setting;
  for (const char* setting : {"utf-8", "utf-16", "utf-16be"})
    EXPECT_EQ(decoded("\xfe\xff" + big, setting), text) << setting;
  EXPECT_EQ(decoded(little, "utf-16le"), text);
  EXPECT_EQ(decoded("\xff\xfe" + little + "\xff\xfe", "utf-16le"), text + "\ufeff") << "only the first";
  EXPECT_EQ(decoded(text, "utf-8"), text);
}

TEST(Encoding, AMarkThatContradictsIsRefused) {
  for (const char* setting : {"latin-1", "windows-1252", "utf-16be"})
    EXPECT_THROW(decoded("\xff\xfe"
                         "a\0",
                         setting),
                 Error)
        << setting;
  for (const char* setting : {"latin-1", "utf-16", "utf-16le"})
    EXPECT_THROW(decoded("\xef\xbb\xbf"
                         "a,b\n",
                         setting),
                 Error)
        << setting;
  EXPECT_THROW(decoded("a,b\n", "utf-16"), Error) << "no mark at all";
}

TEST(Encoding, AnEmptyTextIsEmptyInAllOfThem) {
  for (const char* setting : {"utf-8", "latin-1", "windows-1252", "utf-16", "utf-16le", "utf-16be"})
    EXPECT_EQ(decoded("", setting), "") << setting;
}

}  // namespace
}  // namespace millrace
