// What MLflow does with it: tests/interoperability/mlflow_server.py. Here: servers that answer otherwise.
#include "mlflow/sync.hpp"

#include <gtest/gtest.h>

#include "support/raw_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace::mlflow {
namespace {

using testing_support::answer;
using testing_support::expect_topic;
using testing_support::RawRequest;
using testing_support::RawServer;
using testing_support::TemporaryFolder;

class Sync : public testing::Test {
 protected:
  Sync() : workspace_(folder_ / "workspace") {
    Registry registry(workspace_.path("registry"));
    registry.register_version("churn", {{"run", "20261126T120000.000Z-1"}});
    state_ = registry.state();
  }

  SyncResult sync_with(const RawServer& raw, const std::string& model = "") {
    Server server(raw.url(""), {});
    return sync(server, workspace_, state_, {"", model});
  }
  static RawServer::Handler mlflow(const std::string& other) {
    return [other](const RawRequest& request) {
      return request.target() == "/version" ? answer(200, "", "3.1.0") : other;
    };
  }

  TemporaryFolder folder_;
  Workspace workspace_;
  RegistryState state_;
};

TEST_F(Sync, AnswersThatLackWhatMlflowTellsAreNoMlflow) {
  for (const char* body : {"{}", R"({"registered_model": 7})", R"({"registered_model": {"aliases": [1]}})",
                           R"({"registered_model": {}, "model_versions": [{}], "experiment": {}})"}) {
    const RawServer raw(mlflow(answer(200, "", body)));
    try {
      (void)sync_with(raw);
      ADD_FAILURE() << body;
    } catch (const Error& error) {
      expect_topic(error, Topic::kNoMlflow);
      EXPECT_NE(error.message().find("does not answer as MLflow does"), std::string::npos) << error.message();
    }
  }
}

TEST_F(Sync, AModelThatIsNotRegisteredIsNamedBeforeAnythingIsSent) {
  const RawServer raw(mlflow(answer(500, "", "")));
  try {
    (void)sync_with(raw, "chrun");
    ADD_FAILURE();
  } catch (const Error& error) {
    expect_topic(error, Topic::kUnknownModel);
    EXPECT_NE(error.message().find("churn"), std::string::npos) << error.message();
  }
  EXPECT_EQ(raw.requests(), 1);
}

}  // namespace
}  // namespace millrace::mlflow
