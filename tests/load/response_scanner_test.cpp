#include "load/response_scanner.hpp"

#include <string>

#include <gtest/gtest.h>

namespace millrace::load {
namespace {

using State = ResponseScanner::State;

const std::string kAnswer = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH: 5 \r\n\r\nhello";

TEST(ResponseScanner, ReadsAnAnswerHoweverItIsCut) {
  ResponseScanner scanner;
  for (std::size_t first = 0; first <= kAnswer.size(); ++first) {
    for (std::size_t second = first; second <= kAnswer.size(); ++second) {
      scanner.reset();
      State state = State::kIncomplete;
      for (const auto& part :
           {kAnswer.substr(0, first), kAnswer.substr(first, second - first), kAnswer.substr(second)}) {
        EXPECT_NE(state, State::kMalformed);
        if (!part.empty()) state = scanner.feed(part);
      }
      EXPECT_EQ(state, State::kComplete) << first << " " << second;
      EXPECT_EQ(scanner.status(), 200);
      EXPECT_FALSE(scanner.closes());
      EXPECT_EQ(scanner.body(), "");
    }
  }
}

TEST(ResponseScanner, KeepsTheFirst4KiBOfWhatIsNoSuccess) {
  ResponseScanner scanner;
  const std::string body(5000, 'x');
  EXPECT_EQ(scanner.feed("HTTP/1.1 404 Not Found\r\nConnection: Close\r\nContent-Length: 5000\r\n\r\n" +
                         body.substr(0, 10)),
            State::kIncomplete);
  EXPECT_EQ(scanner.feed(body.substr(10)), State::kComplete);
  EXPECT_EQ(scanner.body(), body.substr(0, 4096));
  EXPECT_TRUE(scanner.closes());
}

TEST(ResponseScanner, SomeStatusesHaveNoBody) {
  ResponseScanner scanner;
  EXPECT_EQ(scanner.feed("HTTP/1.0 204 No Content\r\n\r\n"), State::kComplete);
  EXPECT_TRUE(scanner.closes());
  EXPECT_TRUE(scanner.is_success());
}

TEST(ResponseScanner, SaysWhatIsMalformed) {
  for (const auto& [bytes, complaint] :
       {std::pair<std::string, std::string>{"SSH-2.0-OpenSSH\r\n\r\n", "does not begin with an HTTP"},
        {"HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", "does not begin with an HTTP"},
        {"HTTP/1.1 100 Continue\r\n\r\n", "does not begin with an HTTP"},
        {"HTTP/1.1\r\n\r\n", "does not begin with an HTTP"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "no Content-Length"},
        {"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", "is no number"},
        {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "is no number"},
        {"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "is no number"},
        {kAnswer + "H", "more than one answer"},
        {std::string(70000, 'x'), "no end"}}) {
    ResponseScanner scanner;
    EXPECT_EQ(scanner.feed(bytes), State::kMalformed) << bytes.substr(0, 100);
    EXPECT_NE(std::string(scanner.complaint()).find(complaint), std::string::npos) << scanner.complaint();
  }
}

}  // namespace
}  // namespace millrace::load
