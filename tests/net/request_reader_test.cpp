#include "net/request_reader.hpp"

#include <algorithm>
#include <random>

#include <boost/beast/http/error.hpp>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "net/pieces.hpp"

namespace millrace {
namespace {

namespace http = boost::beast::http;
using testing_support::read_pieces;
using Progress = RequestReader::Progress;

const std::string kPipeline =
    "GET /1?a=b HTTP/1.1\r\nHost: x\r\n\r\n"
    "POST /2 HTTP/1.1\r\nContent-Length: 5\r\nX-Long: " +
    std::string(900, 'y') +
    "\r\n\r\n12\r\n5"
    "POST /3 HTTP/1.0\r\nTransfer-Encoding: Chunked\r\nEmpty:\r\n\r\n"
    "3;name=value\r\nabc\r\n4\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n"
    "POST /4 HTTP/1.1\r\nContent-Length: 3000\r\n\r\n" +
    std::string(3000, 'z') + "HEAD /5 HTTP/1.1\r\n\r\n";

TEST(RequestReader, BordersBetweenPiecesMakeNoDifference) {
  const auto whole = read_pieces(kPipeline, [] { return std::string::npos; });
  ASSERT_EQ(whole.requests.size(), 5U);
  EXPECT_EQ(whole.requests[0], "GET /1?a=b |Host=x");
  EXPECT_EQ(whole.requests[2], "POST /3 abcdefg|Transfer-Encoding=Chunked|Empty=");
  EXPECT_EQ(whole.requests[4], "GET /5 ");
  EXPECT_EQ(read_pieces(kPipeline, [] { return std::size_t{1}; }).requests, whole.requests);
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    EXPECT_EQ(read_pieces(kPipeline, [&] { return std::size_t{random() % (1 + seed * 3) + 1}; }).requests,
              whole.requests)
        << seed;
  }
}

// Two servers that find different ends of a request let one client speak for another (RFC 9112,
// section 11.2).
TEST(RequestReader, RefusesWhatCouldEndInTwoPlaces) {
  for (const char* fields : {"Content-Length: 3\r\nContent-Length: 4\r\n",
                             "Content-Length: 3, 4\r\n",
                             "Content-Length: +3\r\n",
                             "Content-Length: 3 3\r\n",
                             "Content-Length:\r\n",
                             "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                             "Transfer-Encoding: gzip\r\n",
                             "Transfer-Encoding: gzip, chunked\r\n",
                             "Transfer-Encoding: chunked, gzip\r\n",
                             "Transfer-Encoding: xchunked\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: \"chunked\"\r\n",
                             "Transfer-Encoding:\r\n",
                             "Transfer-Encoding : chunked\r\n",
                             "Content-Length : 3\r\n",
                             "Transfer-Encoding:\r\n chunked\r\n",
                             "X: a\r\n b\r\n",
                             "X: a\r\n\tb\r\n",
                             " X: a\r\n",
                             "X: a\nY: b\r\n",
                             "X: a\rb\r\n"}) {
    const auto found =
        read_pieces(fmt::format("POST / HTTP/1.1\r\n{}\r\nabc", fields), [] { return std::string::npos; });
    EXPECT_TRUE(found.requests.empty()) << fields << " -> " << found.requests[0];
    EXPECT_NE(found.failure, "") << fields;
  }
}

TEST(RequestReader, TakesALengthThatIsRepeated) {
  const auto found = read_pieces("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                                 [] { return std::string::npos; });
  ASSERT_EQ(found.requests.size(), 1U);
  EXPECT_TRUE(found.requests[0].starts_with("POST / abc")) << found.requests[0];
}

// Field by field, as slowly as it likes: the limit is on their sum.
TEST(RequestReader, LimitsTheHeaderHoweverItArrives) {
  std::string header = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 210; ++i) header += "Field: ya\r\n";  // 2,310 bytes
  for (const std::size_t size : {1, 11, 100, 1000, 10000}) {
    const auto found = read_pieces(header + "\r\n", [&] { return size; });
    EXPECT_TRUE(found.requests.empty()) << size;
    EXPECT_EQ(found.failure, http::make_error_code(http::error::header_limit).message()) << size;
  }
}

TEST(RequestReader, MemoryBehindABodyMayBeRead) {
  for (const std::size_t size : {0, 1, 15, 16, 100, 4096, 5000}) {
    RequestReader reader(2000, 5000);
    std::string input =
        fmt::format("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", size) + std::string(size, 'x');
    RequestReader::ErrorCode failure;
    while (reader.advance(failure) != Progress::kWhole) {
      ASSERT_FALSE(failure);
      const auto room = reader.room();
      const auto piece = std::min(room.size(), input.size());
      std::copy_n(input.data(), piece, room.data());
      reader.arrived(piece);
      input.erase(0, piece);
    }
    const std::string_view body = reader.request().body;
    ASSERT_EQ(body.size(), size);
    unsigned sum = 0;  // what a sanitizer would see
    for (std::size_t i = 0; i < kSpareBodyBytes; ++i)
      sum += static_cast<unsigned char>(body.data()[size + i]);
    EXPECT_LE(sum, 255 * kSpareBodyBytes);
  }
}

}  // namespace
}  // namespace millrace
