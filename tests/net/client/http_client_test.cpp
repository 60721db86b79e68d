#include "net/client/http_client.hpp"

#include <chrono>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/signals.hpp"
#include "support/raw_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::answer;
using testing_support::expect_topic;
using testing_support::RawRequest;
using testing_support::RawServer;

void write_text(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class Client : public testing::Test {
 protected:
  Client() {
    options_.attempts = 3;
    options_.retry_seconds = 0.01;
    options_.answer_seconds = 0;
  }

  HttpAnswer get(const RawServer& server, HttpCall request = {}) {
    request.url = server.url("/a?b=c");
    request.name = "a";
    return HttpClient(options_).send(request);
  }
  Error failure(HttpCall request) {
    try {
      HttpClient(options_).send(request);
    } catch (const Error& error) {
      return error;
    }
    return {ExitCode::kDone, "no error"};
  }

  HttpClientOptions options_;
};

TEST_F(Client, GivesStatusHeadersAndBody) {
  const RawServer server([](const RawRequest& request) {
    return answer(200, "X-Thing:  some thing \r\n", request.target() + " " + request.header("x-mine"));
  });
  HttpCall request;
  request.headers = [] { return HttpHeaders{{"x-mine", "7"}}; };
  const HttpAnswer got = get(server, request);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("x-thing"), "some thing");
  EXPECT_EQ(got.header("x-other"), "");
  EXPECT_EQ(got.body, "/a?b=c 7");
}

TEST_F(Client, SendsBodiesAndFilesWholeAtEachAttempt) {
  const testing_support::TemporaryFolder folder;
  std::string bytes(100'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i);
  write_text(folder / "file", bytes);
  write_text(folder / "empty", "");
  for (const bool from_file : {false, true}) {
    std::atomic<int> left{2};
    const RawServer server([&](const RawRequest& request) {
      return left-- > 0 ? answer(503, "", "") : answer(200, "", request.method() + request.body);
    });
    HttpCall request;
    request.method = from_file ? "PUT" : "POST";
    (from_file ? request.body_file : request.body) = from_file ? folder / "file" : bytes;
    EXPECT_EQ(get(server, request).body, request.method + bytes);
    EXPECT_EQ(server.requests(), 3);
    request.body.clear();
    request.body_file = folder / "empty";
    EXPECT_EQ(get(server, request).body, request.method);
  }
  HttpCall request;
  request.url = "http://127.0.0.1:1/";
  request.body_file = folder / "none";
  expect_topic(failure(request), Topic::kMissingFile);
}

TEST_F(Client, SendsOnceWhatMustNotBeDoneTwice) {
  for (const std::string& trouble : {answer(503, "", "busy"), std::string()}) {
    const RawServer server([&](const RawRequest&) { return trouble; });
    HttpCall request;
    request.url = server.url("/");
    request.method = "POST";
    request.repeatable = false;
    if (!trouble.empty()) {
      EXPECT_EQ(get(server, request).status, 503);
    } else {
      EXPECT_NE(failure(request).message().find("cannot reach"), std::string::npos);
    }
    EXPECT_EQ(server.requests(), 1);
  }
}

TEST_F(Client, TriesAgainAfterFailuresThatPass) {
  for (const std::string& trouble :
       {answer(503, "", "busy"), answer(429, "", ""), answer(500, "", ""), std::string("HTTP/1.1 2"),
        std::string(), std::string("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nshort")}) {
    std::atomic<int> left{2};
    const RawServer server([&](const RawRequest&) { return left-- > 0 ? trouble : answer(200, "", "well"); });
    EXPECT_EQ(get(server).body, "well") << trouble;
    EXPECT_EQ(server.requests(), 3);
  }
}

TEST_F(Client, MakesHeadersForEachAttemptAnew) {
  const RawServer server([](const RawRequest& request) {
    return request.header("n") == "2" ? answer(200, "", "well") : answer(503, "", "");
  });
  int number = 0;
  HttpCall request;
  request.headers = [&] { return HttpHeaders{{"n", std::to_string(number++)}}; };
  EXPECT_EQ(get(server, request).body, "well");
}

TEST_F(Client, GivesUpInTheEnd) {
  const RawServer busy([](const RawRequest&) { return answer(503, "", "busy"); });
  EXPECT_EQ(get(busy).status, 503);
  EXPECT_EQ(busy.requests(), 3);
  const RawServer silent([](const RawRequest&) { return ""; });
  HttpCall request;
  request.url = silent.url("/");
  request.name = "s3://b/k";
  const Error error = failure(request);
  expect_topic(error, Topic::kUnreachableServer);
  EXPECT_NE(error.message().find("cannot fetch 's3://b/k': "), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("(3 attempts)"), std::string::npos) << error.message();
}

TEST_F(Client, DoesNotTryAgainWhereThatDoesNotHelp) {
  const RawServer server([](const RawRequest&) { return answer(404, "", "no"); });
  EXPECT_EQ(get(server).status, 404);
  EXPECT_EQ(server.requests(), 1);
  HttpCall request;
  request.url = "http://[nonsense/";
  EXPECT_EQ(failure(request).message().find("attempts)"), std::string::npos);
}

TEST_F(Client, SaysThatNobodyIsThere) {
  HttpCall request;
  {
    const RawServer server([](const RawRequest&) { return ""; });
    request.url = server.url("/");
  }
  options_.attempts = 1;
  const Error error = failure(request);
  expect_topic(error, Topic::kUnreachableServer);
  EXPECT_NE(error.message().find("onnect"), std::string::npos) << error.message();
  request.url.replace(0, 4, "https");
  expect_topic(failure(request), Topic::kUnreachableServer);
}

TEST_F(Client, RefusesAServerThatSpeaksNoTls) {
  const RawServer server([](const RawRequest&) { return ""; });
  options_.connect_seconds = 0.3;  // the server waits for a request, the client for a handshake
  options_.attempts = 1;
  HttpCall request;
  request.url = "https" + server.url("/").substr(4);
  expect_topic(failure(request), Topic::kUnreachableServer);
}

TEST_F(Client, FollowsRedirectsOnlyWhereTold) {
  const RawServer server([](const RawRequest& request) {
    return request.target() == "/b" ? answer(200, "X: b\r\n", "there")
                                    : answer(302, "X: a\r\nY: a\r\nLocation: /b\r\n", "");
  });
  EXPECT_EQ(get(server).status, 302);
  HttpCall request;
  request.follow = true;
  const HttpAnswer got = get(server, request);
  EXPECT_EQ(got.body, "there");
  EXPECT_EQ(got.header("x"), "b");
  EXPECT_EQ(got.header("y"), "");
}

TEST_F(Client, DoesNotFollowRoundAndRound) {
  const RawServer server([](const RawRequest&) { return answer(302, "Location: /a\r\n", ""); });
  HttpCall request;
  request.url = server.url("/a");
  request.follow = true;
  expect_topic(failure(request), Topic::kUnreachableServer);
  EXPECT_EQ(server.requests(), 6);
}

TEST_F(Client, HandsTheBodyOfTheExpectedAnswerToTheSink) {
  std::atomic<int> left{1};
  const std::string body(300'000, 'x');
  const RawServer server([&](const RawRequest&) {
    return left-- > 0 ? "HTTP/1.1 206 X\r\nContent-Length: 300000\r\n\r\nyyy" : answer(206, "", body);
  });
  std::string taken;
  HttpCall request;
  request.sink_status = 206;
  request.bytes = body.size();
  request.sink = [&](std::uint64_t offset, std::string_view bytes) {
    taken.resize(offset);
    taken += bytes;
  };
  EXPECT_EQ(get(server, request).body, "");
  EXPECT_EQ(taken, body);
  request.sink_status = 200;
  EXPECT_EQ(get(server, request).body, body);
}

TEST_F(Client, NoticesBodiesOfAnotherLength) {
  for (const char* body : {"123", "12345", ""}) {
    const RawServer server([&](const RawRequest&) { return answer(206, "", body); });
    HttpCall request;
    request.url = server.url("/");
    request.sink_status = 206;
    request.bytes = 4;
    request.sink = [](std::uint64_t, std::string_view) {};
    expect_topic(failure(request), Topic::kUnreachableServer);
    EXPECT_EQ(server.requests(), 3);
  }
}

TEST_F(Client, LetsErrorsOfTheSinkThrough) {
  const RawServer server([](const RawRequest&) { return answer(200, "", "x"); });
  HttpCall request;
  request.url = server.url("/");
  request.sink_status = 200;
  request.sink = [](std::uint64_t, std::string_view) { throw usage_error("the sink's"); };
  EXPECT_EQ(failure(request).message(), "the sink's");
  EXPECT_EQ(server.requests(), 1);
}

TEST_F(Client, CutsOffBodiesThatNobodyAskedFor) {
  const RawServer server([](const RawRequest&) { return answer(200, "", std::string(1 << 20, 'x')); });
  HttpCall request;
  request.body_limit = 10;
  EXPECT_EQ(get(server, request).body, "xxxxxxxxxx");
}

TEST_F(Client, WaitsForNoServerThatHasFallenSilent) {
  std::atomic<bool> done{false};
  const RawServer server([&](const RawRequest&) {
    while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return "";
  });
  options_.stall_seconds = 1;
  options_.attempts = 1;
  HttpCall request;
  request.url = server.url("/");
  expect_topic(failure(request), Topic::kUnreachableServer);
  done = true;
}

TEST_F(Client, ATimeForAllAttemptsEndsThemTogether) {
  const RawServer busy([](const RawRequest&) { return answer(503, "", ""); });
  options_.attempts = 1000;
  options_.retry_seconds = 0.05;
  HttpCall request;
  request.seconds = 0.3;
  EXPECT_EQ(get(busy, request).status, 503);
  EXPECT_LT(busy.requests(), 10);
  std::atomic<bool> done{false};
  const RawServer silent([&](const RawRequest&) {
    while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return "";
  });
  request.url = silent.url("/");
  const Error error = failure(request);
  EXPECT_NE(error.message().find("no answer within 0.3 s"), std::string::npos) << error.message();
  EXPECT_EQ(silent.requests(), 1);
  done = true;
}

TEST_F(Client, WhoseTimeIsLimitedIsNotAskedSoonerThanItWants) {
  const RawServer server([](const RawRequest&) { return answer(503, "Retry-After: 21\r\n", ""); });
  HttpCall request;
  request.seconds = 3600;
  const HttpAnswer answered = get(server, request);
  EXPECT_EQ(answered.retry_after(), 21);
  EXPECT_EQ(server.requests(), 1);
}

TEST(HttpAnswer, MayNameATimeOrSeconds) {
  const auto asked = [](const std::string& text) {
    HttpAnswer answer;
    answer.headers["Retry-After"] = text;
    return answer.retry_after();
  };
  EXPECT_EQ(asked("120"), 120);
  EXPECT_GT(asked("Fri, 31 Dec 2999 23:59:59 GMT"), 1e9);
  for (const char* text : {"", "-5", "Fri, 31 Dec 1999 23:59:59 GMT", "soon", "nan"})
    EXPECT_EQ(asked(text), 0) << text;
}

TEST_F(Client, StopsWhenAsked) {
  const RawServer server([](const RawRequest&) {
    request_stop();
    return answer(503, "", "");
  });
  HttpCall request;
  request.url = server.url("/");
  options_.attempts = 100;
  expect_topic(failure(request), Topic::kStopped);
  clear_stop_request();
}

}  // namespace
}  // namespace millrace
