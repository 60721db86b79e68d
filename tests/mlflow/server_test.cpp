// Answers that MLflow does not give, or not often: tests/interoperability/mlflow_server.py has those it
// gives.
#include "mlflow/server.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "support/raw_server.hpp"
#include "support/topics.hpp"

namespace millrace::mlflow {
namespace {

using testing_support::answer;
using testing_support::expect_topic;
using testing_support::RawRequest;
using testing_support::RawServer;

class Mlflow : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"})
      ::unsetenv(name);
  }
  void TearDown() override { SetUp(); }

  template <class Body>
  void expect_failure(Body body, Topic topic, const std::string& part) {
    try {
      body();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      expect_topic(error, topic);
      EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
    }
  }
};

// One that tells its version, and answers everything else as given.
RawServer::Handler mlflow(const std::string& other) {
  return [other](const RawRequest& request) {
    return request.target() == "/version" ? answer(200, "", "3.1.0") : other;
  };
}

TEST_F(Mlflow, ServersThatAreNoneOrTooOldAreRefused) {
  for (const auto& [status, body, part] :
       {std::tuple(404, "nothing here", "answers 404"), std::tuple(302, "", "answers 302"),
        std::tuple(200, "<html>hello</html>", "tells no version"), std::tuple(200, "1.30.0", "2.3 or newer"),
        std::tuple(200, "2.2.9\n", "is MLflow 2.2.9: version 2.3 or newer")}) {
    const std::string given = answer(status, "", body);
    const RawServer server([&](const RawRequest&) { return given; });
    expect_failure([&] { Server(server.url("/"), {}); }, Topic::kNoMlflow, part);
    EXPECT_EQ(server.requests(), 1);
  }
  for (const char* version : {"2.3.0", "2.10.0", "3.0.0rc1", "10.0.1"}) {
    const RawServer server([&](const RawRequest&) { return answer(200, "", version); });
    EXPECT_NO_THROW((void)Server(server.url(""), {})) << version;
  }
}

TEST_F(Mlflow, AddressesAreOfServersAndHoldNoPasswords) {
  for (const char* uri :
       {"", "sqlite:///x.db", "databricks", "http://anna:secret@host:5000", "http://host?a=b"}) {
    try {
      Server(uri, {});
      ADD_FAILURE() << uri;
    } catch (const Error& error) {
      expect_topic(error, Topic::kNoMlflow);
      EXPECT_EQ(error.message().find("secret"), std::string::npos) << error.message();
    }
  }
}

TEST_F(Mlflow, WhoAsksIsToldByATokenOrAPassword) {
  const RawServer server([](const RawRequest& request) {
    if (request.target() == "/version") return answer(200, "", "3.1.0");
    return answer(200, "", "{\"who\": \"" + request.header("authorization") + "\"}");
  });
  const auto who = [&](const std::optional<Secret>& token) {
    return Server(server.url(""), token).get("runs/get", {})["who"].get<std::string>();
  };
  EXPECT_EQ(who({}), "");
  ::setenv("MLFLOW_TRACKING_USERNAME", "Aladdin", 1);
  ::setenv("MLFLOW_TRACKING_PASSWORD", "open sesame", 1);
  EXPECT_EQ(who({}), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // the example of RFC 7617, 2
  ::setenv("MLFLOW_TRACKING_PASSWORD", "open sesam", 1);
  EXPECT_EQ(who({}), "Basic QWxhZGRpbjpvcGVuIHNlc2Ft");
  ::setenv("MLFLOW_TRACKING_TOKEN", "t", 1);
  EXPECT_EQ(who({}), "Bearer t");
  ::setenv("OTHER", "o", 1);
  EXPECT_EQ(who(Secret{"env:OTHER", {}}), "Bearer o");
  expect_failure(
      [&] {
        who(Secret{"env:NO_SUCH_VARIABLE", {}});
      },
      Topic::kEnvironmentVariable, "NO_SUCH_VARIABLE");
}

TEST_F(Mlflow, RefusalsAreToldInItsWords) {
  const RawServer server(mlflow(answer(400, "", R"({"error_code": "BAD", "message": "no 'x'\n"})")));
  expect_failure([&] { Server(server.url(""), {}).post("runs/create", Json::object()); },
                 Topic::kRefusedByMlflow, "answers POST /api/2.0/mlflow/runs/create with 400: 'BAD: no");
  const RawServer denied(mlflow(answer(403, "", "Permission denied")));
  expect_failure([&] { Server(denied.url(""), {}).get("runs/get", {}); }, Topic::kRefusedByMlflow,
                 "refuses to be written to (403): it wants to know who asks");
  const RawServer lost(mlflow(answer(404, "", "<html>")));
  expect_failure([&] { Server(lost.url(""), {}).find("runs/get", {}); }, Topic::kNoMlflow, "answers 404");
  for (const char* body : {"", "<html>", "[1]", "{\"a\":", "null"}) {
    const RawServer odd(mlflow(answer(200, "", body)));
    expect_failure([&] { Server(odd.url(""), {}).get("runs/get", {}); }, Topic::kNoMlflow, "no JSON");
  }
}

TEST_F(Mlflow, WhatIsNotThereIsNotFound) {
  const RawServer server(mlflow(answer(404, "", R"({"error_code": "RESOURCE_DOES_NOT_EXIST"})")));
  EXPECT_FALSE(Server(server.url(""), {}).find("runs/get", {}));
}

TEST_F(Mlflow, SomethingIsMadeOnceThoughAnswersAreLost) {
  bool made = false;
  int attempts = 0;
  const RawServer server([&](const RawRequest& request) {
    if (request.target() == "/version") return answer(200, "", "3.1.0");
    EXPECT_FALSE(made);
    made = ++attempts == 3;
    return attempts == 1 ? answer(503, "", "busy") : std::string();
  });
  Server client(server.url(""), {});
  const auto find = [&] { return made ? std::optional(Json{{"a", 1}}) : std::nullopt; };
  EXPECT_EQ(client.find_or_create(find, "runs/create", Json::object()), (Json{{"a", 1}}));
  EXPECT_EQ(attempts, 3);
}

}  // namespace
}  // namespace millrace::mlflow
