#include "deployment/endpoint.hpp"

#include <cerrno>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "storage/objects.hpp"
#include "support/example_artifact.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;

class Endpoint : public testing::Test {
 protected:
  Digest put(const Artifact& artifact) {
    PendingFile file(workspace_.temporary_folder() + "/artifact");
    write_artifact(file.temporary_path(), artifact);
    return workspace_.put_object(file);
  }
  std::string state_bytes() { return read_file(folder_ / "deploy/churn/state.json"); }
  // Deploying fails with this code and leaves the endpoint as it was.
  void expect_failure(const Digest& artifact, ExitCode code) {
    const std::string before = state_bytes();
    try {
      deploy(folder_.path(), "churn", artifact);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.message();
    }
    EXPECT_EQ(state_bytes(), before);
    EXPECT_EQ(list_folder(folder_ / "deploy/churn").size(), 2U);  // and the journal
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
};

TEST_F(Endpoint, SwitchesAndRemembersWhatWasBefore) {
  EXPECT_FALSE(read_endpoint(folder_.path(), "churn"));
  const Digest first = put(example_artifact("binary", 1));
  const Digest second = put(example_artifact("binary", 2));
  const EndpointState one = deploy(folder_.path(), "churn", first);
  EXPECT_EQ(one.current.version, 1U);
  EXPECT_FALSE(one.previous);
  deploy(folder_.path(), "churn", second);
  const auto state = read_endpoint(folder_.path(), "churn");
  ASSERT_TRUE(state && state->previous);
  EXPECT_EQ(state->endpoint, "churn");
  EXPECT_EQ(state->current.model, "churn");
  EXPECT_EQ(state->current.version, 2U);
  EXPECT_EQ(state->current.artifact, second);
  EXPECT_EQ(state->previous->artifact, first);
  EXPECT_EQ(state->previous->time, one.current.time);
}

TEST_F(Endpoint, DeployingWhatIsCurrentChangesNothing) {
  const Digest artifact = put(example_artifact());
  deploy(folder_.path(), "churn", artifact);
  const std::string before = state_bytes();
  deploy(folder_.path(), "churn", artifact);
  EXPECT_EQ(state_bytes(), before);
}

TEST_F(Endpoint, WhatFailsLeavesTheEndpointAsItWas) {
  deploy(folder_.path(), "churn", put(example_artifact("binary", 1)));
  expect_failure(digest_of("missing"), ExitCode::kResource);
  expect_failure(workspace_.put_object("no artifact"), ExitCode::kResource);
  Artifact wrong = example_artifact("binary", 2);
  wrong.golden.predictions[0] += 0.1F;
  expect_failure(put(wrong), ExitCode::kGateNotPassed);
  const Digest damaged = put(example_artifact("binary", 3));
  std::string bytes = read_file(workspace_.object_path(damaged));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  publish_file(workspace_.object_path(damaged), bytes);
  expect_failure(damaged, ExitCode::kResource);
}

class NoLink : public FileOperations {
 public:
  int link(const char*, const char*) override {
    errno = EIO;
    return -1;
  }
};
class NoRename : public FileOperations {
 public:
  int rename(const char*, const char*) override {
    errno = EIO;
    return -1;
  }
};

TEST_F(Endpoint, ASwitchThatIsNotJournaledLeavesTheEndpointAsItWas) {
  deploy(folder_.path(), "churn", put(example_artifact("binary", 1)));
  const Digest second = put(example_artifact("binary", 2));
  NoLink operations;
  const ScopedFileOperations scope(operations);
  expect_failure(second, ExitCode::kResource);
}

// Its entry is written: the switch has happened, and whoever comes next shows it.
TEST_F(Endpoint, ASwitchThatIsJournaledButNotShownIsShownByTheNext) {
  deploy(folder_.path(), "churn", put(example_artifact("binary", 1)));
  const Digest second = put(example_artifact("binary", 2));
  {
    NoRename operations;
    const ScopedFileOperations scope(operations);
    expect_failure(second, ExitCode::kResource);
  }
  deploy(folder_.path(), "churn", second);
  EXPECT_EQ(read_endpoint(folder_.path(), "churn")->current.artifact, second);
}

TEST_F(Endpoint, ByHandTheNewestIsTakenBackAndForth) {
  const Digest first = put(example_artifact("binary", 1));
  const Digest second = put(example_artifact("binary", 2));
  EXPECT_THROW(roll_back(folder_.path(), "churn", "there is none"), Error);
  deploy(folder_.path(), "churn", first);
  EXPECT_THROW(roll_back(folder_.path(), "churn", "it is the only one"), Error);
  for (const auto& act : {promote_candidate, pause_candidate, resume_candidate})
    EXPECT_THROW(act(folder_.path(), "churn", "nothing is tried"), Error);
  deploy(folder_.path(), "churn", second);
  EXPECT_EQ(roll_back(folder_.path(), "churn", "complaints").current.artifact, first);
  EXPECT_EQ(roll_back(folder_.path(), "churn", "they were wrong").current.artifact, second);
}

TEST_F(Endpoint, WhoMustHaveSignedIsLookedFor) {
  const Digest artifact = put(example_artifact());
  publish_file(folder_ / "signers", "anna@lab ssh-ed25519 AAAA\n");
  EXPECT_EQ(verified_version(folder_.path(), artifact).version, example_artifact().version);
  try {
    verified_version(folder_.path(), artifact, folder_ / "signers");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.topic(), Topic::kArtifactSignature) << error.message();
  }
}

TEST_F(Endpoint, NamesStayBelowTheirFolder) {
  const Digest artifact = put(example_artifact());
  for (const char* name : {"", "..", "a/b", ".x", "a b"}) {
    EXPECT_THROW(deploy(folder_.path(), name, artifact), Error) << name;
    EXPECT_THROW(read_endpoint(folder_.path(), name), Error) << name;
  }
}

TEST_F(Endpoint, ADamagedStateIsAnErrorThatNamesIt) {
  for (const char* bytes : {"", "{", "[]", R"({"endpoint": "churn"})",
                            R"({"endpoint": "churn", "current": {"model": 5}, "previous": null})"}) {
    publish_file(folder_ / "deploy/churn/state.json", bytes);
    try {
      read_endpoint(folder_.path(), "churn");
      ADD_FAILURE() << bytes;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource);
      EXPECT_NE(error.message().find("deploy/churn/state.json"), std::string::npos) << error.message();
    }
  }
}

}  // namespace
}  // namespace millrace
