// millrace request and millrace load, on a server that follows an endpoint and on ones that misbehave.
#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "support/raw_server.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::answer;
using testing_support::BackgroundProcess;
using testing_support::expect_topic;
using testing_support::ProcessResult;
using testing_support::RawServer;
using testing_support::Workbench;

constexpr const char* kDay = "data/churn-2026-10-01.csv";
constexpr const char* kAddress = "workspace/deploy/test/address";

// One pipeline and one server for all tests: none of them changes it.
class Served : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    bench = std::make_unique<Workbench>();
    bench->make_data(2, 300);
    bench->write("pipeline.yaml", Workbench::configuration());
    const ProcessResult made = bench->millrace({"run", "pipeline.yaml", "--quiet"}, 2);
    ASSERT_EQ(made.exit_code, 0) << made.err;
    server = std::make_unique<BackgroundProcess>(
        bench->millrace_command({"serve", "test", "--port", "0", "--address-file", kAddress}),
        bench->path("server.log"), bench->folder());
    for (int i = 0; i < 2000 && !path_exists(bench->path(kAddress)); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  static void TearDownTestSuite() {
    server.reset();
    bench.reset();
  }

  static std::string succeed(const std::vector<std::string>& arguments) {
    const ProcessResult result = bench->millrace(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  static void expect_failure(const std::vector<std::string>& arguments, Topic topic,
                             const std::string& part) {
    const ProcessResult result = bench->millrace(arguments);
    expect_topic(result.exit_code, result.err, topic);
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  static std::string address_of(const RawServer& raw) { return raw.url("").substr(7); }

  static std::unique_ptr<Workbench> bench;
  static std::unique_ptr<BackgroundProcess> server;
};
std::unique_ptr<Workbench> Served::bench;
std::unique_ptr<BackgroundProcess> Served::server;

// The lines of scores without where each row is and which version it is from.
std::string scores_alone(const std::string& text) {
  std::string alone;
  for (const std::string& line : split(text, '\n')) {
    std::size_t from = 0;
    for (int column = 0; column < 3 && !line.empty(); ++column) from = line.find(',', from) + 1;
    if (!line.empty()) alone += line.substr(from) + "\n";
  }
  return alone;
}

TEST_F(Served, AFileIsAnsweredAsPredictScoresIt) {
  const std::string scored = scores_alone(succeed({"predict", "test@champion", kDay}));
  for (const char* batch : {"1000", "7"}) {
    EXPECT_EQ(succeed({"request", "--endpoint", "test", "--rows-file", kDay, "--batch", batch}), scored)
        << batch;
  }
}

TEST_F(Served, BothProtocolsGiveTheSameProbability) {
  const std::string row = R"({"age": 30, "contract": "one year"})";
  const Json predicted = Json::parse(succeed({"request", "test", row, "--endpoint", "test"}));
  const Json inferred =
      Json::parse(succeed({"request", "test", row, "--endpoint", "test", "--protocol", "infer"}));
  EXPECT_EQ(predicted["predictions"][0]["probability"], inferred["outputs"][0]["data"][0]);
}

TEST_F(Served, SeveralRowsAreAskedInBatches) {
  const std::string rows = R"([{"age": 30}, {"age": 40}, {"age": 50}])";
  const auto lines =
      split(trim(succeed({"request", "test", rows, "--endpoint", "test", "--batch", "2"})), '\n');
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(Json::parse(lines[0])["predictions"].size(), 2U);
  EXPECT_EQ(Json::parse(lines[1])["predictions"].size(), 1U);
}

TEST_F(Served, MistakesInRequests) {
  expect_failure({"request", "test", "{", "--endpoint", "test"}, Topic::kCommandLine, "no valid JSON");
  expect_failure({"request", "test", "[1]", "--endpoint", "test"}, Topic::kCommandLine,
                 "a JSON object or a list");
  expect_failure({"request", "test", "{}", "--endpoint", "tset"}, Topic::kUnreachableServer,
                 "no server of endpoint 'tset' has published its address");
  expect_failure({"request", "test", R"({"agee": 3})", "--endpoint", "test", "--protocol", "infer"},
                 Topic::kUnknownColumn, "did you mean 'age'?");
  expect_failure({"request", "test", "{}", "--endpoint", "test", "--protocol", "grpc"}, Topic::kCommandLine,
                 "predict or infer");
  expect_failure({"request", "tset", "{}", "--endpoint", "test"}, Topic::kRefusedRequest, "HTTP 404");
  expect_failure({"request", "test", "{}", "--address", "127.0.0.1:1"}, Topic::kUnreachableServer,
                 "127.0.0.1:1");
}

// Busy twice, then there: the second time it asks for a second.
TEST_F(Served, ABusyServerIsAskedAgain) {
  std::atomic<int> asked = 0;
  const RawServer busy([&](const auto&) {
    const int attempt = asked++;
    if (attempt == 0) return answer(429, "", "too often");
    return attempt == 1 ? answer(503, "Retry-After: 1\r\n", "busy") : answer(200, "", "here");
  });
  const ProcessResult result = bench->millrace({"request", "test", "{}", "--address", address_of(busy)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "here\n");
  EXPECT_GE(result.seconds, 1);
  EXPECT_EQ(asked, 3);
}

TEST_F(Served, ABusyServerIsNotAskedForEver) {
  std::atomic<int> asked = 0;
  std::string header;
  const RawServer busy([&](const auto&) { return ++asked, answer(503, header, "busy"); });
  expect_failure({"request", "test", "{}", "--address", address_of(busy), "--retries", "2"},
                 Topic::kFailedRequest, "HTTP 503: busy");
  EXPECT_EQ(asked, 3);
  header = "Retry-After: 3600\r\n";  // longer than anyone wants to wait
  expect_failure({"request", "test", "{}", "--address", address_of(busy)}, Topic::kFailedRequest,
                 "HTTP 503: busy");
  EXPECT_EQ(asked, 4);
}

TEST_F(Served, OtherTroubleIsNotTriedAgain) {
  std::atomic<int> asked = 0;
  const RawServer broken([&](const auto&) { return ++asked, answer(500, "", "broken"); });
  expect_failure({"request", "test", "{}", "--address", address_of(broken)}, Topic::kFailedRequest,
                 "HTTP 500: broken");
  EXPECT_EQ(asked, 1);
}

TEST_F(Served, LoadCountsWhatItAsks) {
  for (const char* protocol : {"predict", "infer"}) {
    const Json closed =
        Json::parse(succeed({"load", "--endpoint", "test", "--rows-file", kDay, "--batch", "8", "--protocol",
                             protocol, "--duration", "0.3", "--warmup", "0", "--json"}));
    EXPECT_GT(closed["requests"], 0) << protocol;
    EXPECT_EQ(closed["statuses"], Json({{"200", closed["requests"]}})) << protocol;
    EXPECT_EQ(closed["answers"], closed["requests"]) << protocol;
  }
  const Json open = Json::parse(succeed({"load", "--endpoint", "test", "--row", R"({"age": 30})", "--rate",
                                         "100", "--arrivals", "fixed", "--duration", "1", "--warmup", "0",
                                         "--interval", "0.5", "--threads", "2", "--json"}));
  EXPECT_EQ(open["requests"].get<int>() + open["unsent"].get<int>(), 100);
  EXPECT_EQ(open["timeline"].size(), 2U);
}

TEST_F(Served, LoadTakesBodiesAsTheyAre) {
  bench->write("body.json", R"({"rows": [{"age": 30}]})");
  const std::string text = succeed({"load", "--endpoint", "test", "--body", "body.json", "--body",
                                    "body.json", "--duration", "0.2", "--rate", "50", "--spin"});
  for (const char* part : {"status 200: ", "from due to answer", "p99.9"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST_F(Served, LoadStopsAtARefusalAndSaysIt) {
  const std::vector<std::string> load{"load",           "--endpoint", "test", "--row",
                                      R"({"agee": 3})", "--duration", "60"};
  expect_failure(load, Topic::kRefusedRequest, "agee");
  const Json counted = Json::parse(succeed({"load", "--endpoint", "test", "--row", R"({"agee": 3})",
                                            "--duration", "0.2", "--warmup", "0", "--keep-going", "--json"}));
  EXPECT_EQ(counted["statuses"], Json({{"400", counted["requests"]}}));
}

TEST_F(Served, MistakesInLoads) {
  expect_failure({"load", "--endpoint", "test"}, Topic::kCommandLine, "what shall be asked?");
  expect_failure({"load", "--row", "{}"}, Topic::kCommandLine, "which model?");
  expect_failure({"load", "test", "--row", "{}", "--address", "127.0.0.1:1"}, Topic::kUnreachableServer,
                 "cannot reach 127.0.0.1:1");
  expect_failure({"load", "--endpoint", "test", "--row", "{}", "--batch", "0"}, Topic::kCommandLine,
                 "--batch is 0");
  expect_failure({"load", "--endpoint", "test", "--row", "{}", "--duration", "0"}, Topic::kCommandLine,
                 "--duration");
  expect_failure({"load", "--endpoint", "test", "--row", "{}", "--arrivals", "late"}, Topic::kCommandLine,
                 "poisson or fixed");
  expect_failure({"load", "--endpoint", "test", "--body", "nobody.json"}, Topic::kMissingFile, "nobody.json");
}

}  // namespace
}  // namespace millrace
