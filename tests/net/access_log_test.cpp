#include "net/access_log.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::echo;
using testing_support::eventually;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::RunningServer;
using testing_support::TemporaryFolder;

// Of a server that has stopped.
std::vector<Json> records_of(const std::string& path) {
  std::vector<Json> records;
  for (const std::string& line : split(read_file(path), '\n')) {
    if (!line.empty()) records.push_back(parse_json(line, path));
  }
  return records;
}

TEST(AccessLog, HasALineForEachRequest) {
  const TemporaryFolder folder;
  const std::string sent = "POST /x?y=1 HTTP/1.1\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";
  std::string answer;
  {
    RunningServer server(echo, {.access_log = {.path = folder / "access"}});
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(sent));
    answer = client.read_all();
  }
  const auto records = records_of(folder / "access");
  ASSERT_EQ(records.size(), 1U);
  const Json& record = records.front();
  EXPECT_EQ(record.at("client"), "127.0.0.1");
  EXPECT_EQ(record.at("identity"), "");
  EXPECT_EQ(record.at("method"), "POST");
  EXPECT_EQ(record.at("target"), "/x?y=1");
  EXPECT_EQ(record.at("status"), 200);
  EXPECT_EQ(record.at("bytes_in"), sent.size());
  EXPECT_EQ(record.at("bytes_out"), answer.size());
  EXPECT_GT(record.at("seconds").get<double>(), 0);
  EXPECT_LT(record.at("seconds").get<double>(), 10);
  EXPECT_EQ(record.at("time").get<std::string>().back(), 'Z');
}

TEST(AccessLog, HasWhatWasRefused) {
  const TemporaryFolder folder;
  {
    RunningServer server(echo, {.access_log = {.path = folder / "access"}, .body_limit = 10});
    for (const char* text : {"nonsense\r\n\r\n", "POST /large HTTP/1.1\r\nContent-Length: 11\r\n\r\n"}) {
      RawConnection client(server.port());
      ASSERT_TRUE(client.send(text));
      EXPECT_NE(client.read_all(), "");
    }
  }
  const auto records = records_of(folder / "access");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].at("status"), 400);
  EXPECT_EQ(records[1].at("status"), 413);
  EXPECT_EQ(records[1].at("target"), "/large");
}

TEST(AccessLog, SamplesGoodAnswersAlone) {
  const TemporaryFolder folder;
  {
    RunningServer server(
        [](const HttpRequest& request) {
          return request.target == "/bad" ? error_response(400, "bad") : echo(request);
        },
        {.access_log = {.path = folder / "access", .sample = 10}});
    RawConnection client(server.port());
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(client.send("GET /good HTTP/1.1\r\n\r\n"));
      EXPECT_NE(client.read_until("GET /good "), "");
    }
    for (int i = 0; i < 7; ++i) EXPECT_EQ(http_request("GET", server.url("/bad")).status, 400);
  }
  const auto records = records_of(folder / "access");
  EXPECT_EQ(
      std::count_if(records.begin(), records.end(), [](const Json& r) { return r.at("status") == 400; }), 7);
  EXPECT_EQ(records.size(), 17U);
}

TEST(AccessLog, WhateverAClientSendsIsOneLineOfJson) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  bytes += "\xc3\xa9\xf0\x9f\x98\x80";
  const std::string line = to_json({.client = "c",
                                    .identity = "\xc3\xa9",
                                    .method = bytes,
                                    .target = bytes,
                                    .status = 400,
                                    .note = R"(,"model":"churn")"},
                                   "now");
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const Json record = parse_json(line, "line");
  EXPECT_EQ(record.at("identity"), "\xc3\xa9");
  EXPECT_EQ(record.at("model"), "churn");
  EXPECT_TRUE(record.at("target").get<std::string>().ends_with("\xc3\xa9\xf0\x9f\x98\x80"));
}

class FullDisk : public FileOperations {
 public:
  long write(int, const char*, std::size_t) override {
    errno = ENOSPC;
    return -1;
  }
};

TEST(AccessLog, AFullDiskCostsLinesAndNoRequest) {
  const TemporaryFolder folder;
  FullDisk disk;
  const ScopedFileOperations scope(disk);
  RunningServer server(echo, {.access_log = {.path = folder / "access"}});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(http_request("GET", server.url("/")).status, 200);
  EXPECT_TRUE(eventually([&] { return server.counters().log_lines_lost == 20; }));
  EXPECT_EQ(read_file(folder / "access"), "");
}

}  // namespace
}  // namespace millrace
