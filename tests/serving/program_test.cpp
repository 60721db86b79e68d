// millrace-serve as a program: options, exit codes, sockets, the end.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "net/running_server.hpp"
#include "serve_process.hpp"
#include "support/http_request.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::golden_rows;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::ServeProcess;
using testing_support::TemporaryFolder;
using testing_support::tiny_artifact;
using testing_support::two_rows;

class Program : public ::testing::Test {
 protected:
  Program() { write_artifact(path_, artifact_); }

  struct Ended {
    int code;
    std::string output, errors;
  };
  static Ended run(const std::vector<std::string>& options) {
    ServeProcess process(options, false);
    const int code = process.wait();
    return {code, process.output(), process.errors()};
  }

  TemporaryFolder folder_;
  Artifact artifact_ = tiny_artifact();
  std::string path_ = folder_ / "churn-7.tar.zst";
};

std::string output_of(const std::string& command) {
  std::string text;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) text += static_cast<char>(c);
  return text;
}

TEST_F(Program, HelpHasAnExampleAndVersionANumber) {
  const Ended help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.output.find("millrace-serve --artifact"), std::string::npos);
  EXPECT_EQ(run({"--version"}).output.find("millrace-serve 0."), 0U);
}

TEST_F(Program, MistakesGiveOneMessageAndACode) {
  struct Mistake {
    std::vector<std::string> options;
    int code;
    std::string says;
  };
  for (const Mistake& mistake :
       {Mistake{{}, 2, "say what to serve"},
        Mistake{{"--artifact"}, 2, "--artifact"},
        Mistake{{"--artefact", path_}, 2, "--artefact"},
        Mistake{{"--artifact", path_, "--port", "x"}, 2, "port"},
        Mistake{{"--artifact", path_, "--port", "65536"}, 2, "--port must be from 0 to 65535, not 65536"},
        Mistake{{"--artifact", path_, "--port", "-1"}, 2, "--port must be from 0 to 65535, not -1"},
        Mistake{{"--artifact", path_, "--port", "0", "--threads", "-1"}, 2, "--threads must be from 0 to"},
        Mistake{{"--artifact", path_, "--port", "0", "--max-body", "-5"}, 2, "not -5"},
        Mistake{{"--artifact", path_, "--port", "0", "--body-rate", "0"}, 2, "the rate of a body"},
        Mistake{{"--artifact", path_, "--threads", "0", "--port", "0"}, 2, "thread"},
        Mistake{{"--artifact", path_, "--log-level", "loud"}, 2, "loud"},
        Mistake{{"--artifact", path_, "--port", "0", "--max-rate", "-1"}, 2, "the rate must be above 0"},
        Mistake{{"--artifact", path_, "--port", "0", "--max-connections", "0"}, 2, "connections"},
        Mistake{{"--artifact", path_, "--port", "0", "--header-seconds", "soon"}, 2, "header-seconds"},
        Mistake{{"--artifact", path_, "--max-rows", "0"}, 2, "--max-rows"},
        Mistake{{"--artifact", path_, "--device", "gpu"}, 2, "--device 'gpu'"},
        Mistake{{"--endpoint", "x"}, 2, "workspace"},
        Mistake{{"--artifact", folder_ / "none"}, 6, "none"},
        Mistake{{"--artifact", folder_.path()}, 6, folder_.path()},
        Mistake{{"--workspace", folder_.path(), "--endpoint", "churn"},
                6,
                "nothing is deployed at endpoint 'churn'"},
        Mistake{{"--artifact", path_, "--host", "192.0.2.1"}, 6, "192.0.2.1"}}) {
    const Ended ended = run(mistake.options);
    EXPECT_EQ(ended.code, mistake.code) << ended.errors;
    EXPECT_EQ(ended.errors.find("millrace-serve: error: "), 0U) << ended.errors;
    EXPECT_NE(ended.errors.find(mistake.says), std::string::npos) << ended.errors;
    EXPECT_NE(ended.errors.find("\nsee docs/errors.md#"), std::string::npos) << ended.errors;
    EXPECT_EQ(std::count(ended.errors.begin(), ended.errors.end(), '\n'), 2) << ended.errors;
  }
}

TEST_F(Program, SaysThatItsPortIsInUse) {
  const ServeProcess first({"--artifact", path_});
  ASSERT_NE(first.address(), "");
  const Ended second = run({"--artifact", path_, "--port", std::to_string(first.port())});
  EXPECT_EQ(second.code, 6);
  EXPECT_NE(second.errors.find("is in use; choose another with --port"), std::string::npos) << second.errors;
}

TEST_F(Program, AnswersRequestsAndStopsOnSigterm) {
  ServeProcess server({"--artifact", path_, "--threads", "2"});
  ASSERT_NE(server.address(), "") << server.errors();
  const HttpAnswer answer = http_request("POST", server.url("/v2/models/churn/infer"), two_rows().dump());
  EXPECT_EQ(answer.status, 200);
  const auto values = Json::parse(answer.body).at("outputs")[0].at("data").get<std::vector<float>>();
  EXPECT_EQ(values[0], artifact_.golden.predictions[0]);
  const HttpAnswer refused = http_request("POST", server.url("/v2/models/churn/infer"), "{}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(Json::parse(refused.body).at("error"), "the request lacks 'inputs' (a list of inputs)");
  EXPECT_EQ(http_request("GET", server.url("/v2/models/churn/infer")).status, 405);
  EXPECT_EQ(http_request("HEAD", server.url("/v2/health/ready")).status, 200);
  server.stop();
  EXPECT_EQ(server.wait(), 0) << server.errors();
  EXPECT_FALSE(server.has_address_file());
}

TEST_F(Program, AnswersCurl) {
  if (std::system("curl --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "curl is not installed";
  const ServeProcess server({"--artifact", path_});
  ASSERT_NE(server.address(), "");
  const std::string predict = server.url("/v2/models/churn/predict");
  const Json answer =
      Json::parse(output_of(fmt::format("curl -s -d '{}' {}", R"({"rows": [{"tenure": 5}]})", predict)));
  EXPECT_EQ(answer.at("predictions").size(), 1U);
  // A body of this size makes curl ask with Expect: 100-continue before it sends it.
  const TemporaryFolder folder;
  const std::vector<Json> rows(20000, golden_rows()[0]);
  publish_file(folder / "rows.json", Json(rows).dump());
  const Json large = Json::parse(output_of(fmt::format("curl -s -d @{} {}", folder / "rows.json", predict)));
  EXPECT_EQ(large.at("predictions").size(), 20000U);
}

TEST_F(Program, ADrainAnswersWhatHasBegun) {
  ServeProcess server({"--artifact", path_});
  ASSERT_NE(server.address(), "");
  RawConnection client(server.port());
  const std::string body = two_rows().dump();
  ASSERT_TRUE(client.send(fmt::format("POST /v2/models/churn/infer HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}",
                                      body.size(), body.substr(0, 20))));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  server.stop();
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  ASSERT_TRUE(client.send(body.substr(20)));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 200 OK"));
  EXPECT_EQ(server.wait(), 0);
}

}  // namespace
}  // namespace millrace
