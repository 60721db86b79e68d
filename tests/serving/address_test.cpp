// Where a server says that it is: deploy/ENDPOINT/address.
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "net/http.hpp"
#include "serve_process.hpp"
#include "support/http_request.hpp"
#include "support/patience.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::http_request;
using testing_support::patience;
using testing_support::ServeProcess;
using testing_support::tiny_artifact;
using testing_support::TinyWorkspace;

class Address : public ::testing::Test {
 protected:
  void SetUp() override { place_.deploy(tiny_artifact(Task::kBinary, 7)); }

  // A server that is told of no file.
  [[nodiscard]] std::unique_ptr<ServeProcess> serve() const {
    return std::make_unique<ServeProcess>(std::vector<std::string>{"--workspace", place_.workspace.root(),
                                                                   "--endpoint", "front", "--port", "0"},
                                          false);
  }
  static bool eventually(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + patience(20);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  [[nodiscard]] std::string published() const {
    return path_exists(file_) ? std::string(trim(read_file(file_))) : "";
  }
  static int status_at(const std::string& address) {
    try {
      return http_request("GET", "http://" + address + "/v2/models/front/ready").status;
    } catch (const Error&) {
      return 0;
    }
  }
  // Also while it is only about to start.
  static std::string said(const ServeProcess& server) {
    try {
      return server.errors();
    } catch (const Error&) {
      return "";
    }
  }
  static std::size_t warnings(const ServeProcess& server) {
    const std::string errors = server.errors();
    std::size_t count = 0;
    for (auto at = errors.find("warning"); at != std::string::npos; at = errors.find("warning", at + 1))
      ++count;
    return count;
  }

  TinyWorkspace place_;
  std::string file_ = place_.workspace.root() + "/deploy/front/address";
};

TEST_F(Address, IsPublishedForAsLongAsItAccepts) {
  const auto server = serve();
  ASSERT_TRUE(eventually([&] { return !published().empty(); })) << server->errors();
  EXPECT_EQ(status_at(published()), 200);
  server->stop();
  EXPECT_EQ(server->wait(), 0);
  EXPECT_FALSE(path_exists(file_));
  EXPECT_EQ(warnings(*server), 0U) << server->errors();
}

// Who has read it as it went away is answered nevertheless. The time is short, and the machine may be busy.
TEST_F(Address, IsWithdrawnBeforeTheServerLeaves) {
  int answered = 0;
  for (int attempt = 0; attempt < 5 && answered == 0; ++attempt) {
    const auto server = serve();
    ASSERT_TRUE(eventually([&] { return !published().empty(); })) << server->errors();
    const std::string address = published();
    server->stop();
    ASSERT_TRUE(eventually([&] { return !path_exists(file_); }));
    if (status_at(address) == 200) ++answered;
    EXPECT_EQ(server->wait(), 0);
  }
  EXPECT_EQ(answered, 1);
}

TEST_F(Address, IsTheLastServersAndTheOthersEndDoesNotTakeIt) {
  const auto before = serve();
  ASSERT_TRUE(eventually([&] { return !published().empty(); })) << before->errors();
  const std::string old = published();
  const auto after = serve();
  ASSERT_TRUE(eventually([&] { return published() != old && !published().empty(); })) << after->errors();
  EXPECT_NE(after->errors().find(old + " answers already"), std::string::npos) << after->errors();
  EXPECT_EQ(status_at(old), 200);
  before->stop();
  EXPECT_EQ(before->wait(), 0);
  EXPECT_EQ(status_at(published()), 200);
  after->stop();
  EXPECT_EQ(after->wait(), 0);
  EXPECT_FALSE(path_exists(file_));
}

TEST_F(Address, OfAKilledServerIsReplacedWithoutAWord) {
  publish_file(file_, "127.0.0.1:1\n");
  const auto server = serve();
  ASSERT_TRUE(eventually([&] { return published() != "127.0.0.1:1"; })) << server->errors();
  EXPECT_EQ(status_at(published()), 200);
  EXPECT_EQ(warnings(*server), 0U) << server->errors();
}

// As in a workspace that is read-only: it serves all the same, and says what that costs.
TEST_F(Address, ThatCannotBeWrittenIsAWarning) {
  std::filesystem::create_directories(file_);
  const auto server = serve();
  const std::string mark = "at http://";
  ASSERT_TRUE(eventually([&] { return said(*server).find(mark) != std::string::npos; }));
  EXPECT_EQ(warnings(*server), 1U) << server->errors();
  EXPECT_NE(server->errors().find("do not find this server"), std::string::npos) << server->errors();
  const std::string rest = server->errors().substr(server->errors().find(mark) + mark.size());
  EXPECT_EQ(status_at(rest.substr(0, rest.find_first_of(" \n"))), 200);
  server->stop();
  EXPECT_EQ(server->wait(), 0);
}

TEST_F(Address, GoesToTheFileThatWasAskedForInstead) {
  const ServeProcess server({"--workspace", place_.workspace.root(), "--endpoint", "front"});
  ASSERT_NE(server.address(), "") << server.errors();
  EXPECT_FALSE(path_exists(file_));
}

}  // namespace
}  // namespace millrace
