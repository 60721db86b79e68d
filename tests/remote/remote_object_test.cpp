#include "remote/remote_object.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "remote/client_options.hpp"
#include "support/raw_server.hpp"
#include "support/topics.hpp"

namespace millrace::remote {
namespace {

using testing_support::answer;
using testing_support::answer_range;
using testing_support::expect_topic;
using testing_support::RawRequest;
using testing_support::RawServer;

class Object : public testing::Test {
 protected:
  ObjectInfo look(const RawServer& server) { return look_at(client_, {server.url("/k"), "s3://b/k"}); }
  std::string read(const RawServer& server, const ObjectInfo& object, std::uint64_t begin,
                   std::uint64_t end) {
    std::string text;
    read_range(client_, {server.url("/k"), "s3://b/k"}, object, begin, end,
               [&](std::uint64_t offset, std::string_view bytes) {
                 text.resize(offset);
                 text += bytes;
               });
    return text;
  }
  template <class Body>
  Error failure(Body&& body) {
    try {
      body();
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("'s3://b/k'"), std::string::npos) << error.message();
      return error;
    }
    return {ExitCode::kDone, "no error"};
  }

  HttpClient client_{client_options({.attempts = 1})};
};

TEST_F(Object, IsLookedAtWithoutBeingRead) {
  for (const std::string text : {"", "x", "0123456789"}) {
    const RawServer server([&](const RawRequest& request) { return answer_range(request, text, "\"e\""); });
    const ObjectInfo object = look(server);
    EXPECT_EQ(object.bytes, text.size());
    EXPECT_EQ(object.etag, "\"e\"");
    EXPECT_TRUE(object.ranges);
  }
}

TEST_F(Object, MayComeFromAServerWithoutRangesOrVersions) {
  const RawServer whole([](const RawRequest&) { return answer(200, "ETag: W/\"e\"\r\n", "0123"); });
  const ObjectInfo object = look(whole);
  EXPECT_FALSE(object.ranges);
  EXPECT_EQ(object.bytes, 4U);
  EXPECT_EQ(object.etag, "");
  std::string text;
  EXPECT_EQ(read_whole(client_, {whole.url("/k"), "s3://b/k"},
                       [&](std::uint64_t, std::string_view b) { text += b; }),
            4U);
  EXPECT_EQ(text, "0123");
}

TEST_F(Object, IsReadInParts) {
  const std::string text = "0123456789";
  const RawServer server([&](const RawRequest& request) { return answer_range(request, text, "\"e\""); });
  const ObjectInfo object = look(server);
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    for (std::size_t end = begin + 1; end <= text.size(); ++end)
      EXPECT_EQ(read(server, object, begin, end), text.substr(begin, end - begin));
  }
}

TEST_F(Object, MayNotChangeMeanwhile) {
  const ObjectInfo object{10, "\"e\"", "", true};
  for (const std::string& answered : {answer(412, "", ""), answer(416, "", ""),
                                      answer(206, "ETag: \"f\"\r\nContent-Range: bytes 2-3/10\r\n", "23"),
                                      answer(206, "ETag: \"e\"\r\nContent-Range: bytes 2-3/11\r\n", "23")}) {
    const RawServer server([&](const RawRequest& request) {
      EXPECT_EQ(request.header("if-match"), "\"e\"");
      return answered;
    });
    expect_topic(failure([&] { read(server, object, 2, 4); }), Topic::kFileChanged);
  }
}

TEST_F(Object, IsNotTakenFromAnAnswerToAnotherQuestion) {
  const ObjectInfo object{10, "\"e\"", "", true};
  for (const std::string& answered : {answer(206, "ETag: \"e\"\r\nContent-Range: bytes 3-4/10\r\n", "34"),
                                      answer(206, "ETag: \"e\"\r\nContent-Range: bytes 2-3/*\r\n", "23"),
                                      answer(206, "ETag: \"e\"\r\n", "23"),
                                      answer(206, "ETag: \"e\"\r\nContent-Range: bytes 2-3/10\r\n", "234"),
                                      answer(200, "", "0123456789"), answer(301, "", "")}) {
    const RawServer server([&](const RawRequest&) { return answered; });
    expect_topic(failure([&] { read(server, object, 2, 4); }), Topic::kUnreachableSource);
  }
}

TEST_F(Object, SaysWhatTheServerSays) {
  const std::string xml =
      "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>It is "
      "&quot;gone&quot;.</Message></Error>";
  for (const auto& [status, topic] :
       {std::pair{404, Topic::kMissingSource}, std::pair{403, Topic::kDeniedSource},
        std::pair{401, Topic::kDeniedSource}, std::pair{400, Topic::kUnreachableSource}}) {
    const RawServer server([&, s = status](const RawRequest&) { return answer(s, "", xml); });
    const Error error = failure([&] { look(server); });
    expect_topic(error, topic);
    EXPECT_NE(error.message().find(fmt::format("{} NoSuchKey: It is \"gone\".", status)), std::string::npos)
        << error.message();
  }
  const RawServer elsewhere(
      [&](const RawRequest&) { return answer(301, "x-amz-bucket-region: eu-west-1\r\n", ""); });
  EXPECT_NE(failure([&] { look(elsewhere); }).message().find("the bucket is in eu-west-1"),
            std::string::npos);
}

}  // namespace
}  // namespace millrace::remote
