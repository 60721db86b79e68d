// Deployments over what is damaged, full, gone or somebody else's: one message, and nothing lost.
#include <csignal>
#include <filesystem>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "cli/served_endpoint.hpp"
#include "storage/journal.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::ask;
using testing_support::Asker;
using testing_support::BackgroundProcess;
using testing_support::expect_topic;
using testing_support::ProcessResult;

class DeployDamage : public testing_support::ServedEndpoint {
 protected:
  void expect_failure(const ProcessResult& result, Topic topic, const std::string& part) {
    expect_topic(result.exit_code, result.err, topic);
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  [[nodiscard]] std::string entry(std::uint64_t number) const {
    return folder() + "/journal/" + Journal::entry_name(number);
  }
};

TEST_F(DeployDamage, ADamagedJournalStopsDeploymentsAndNoServer) {
  ASSERT_EQ(deploy(second, {"mode=switch"}).exit_code, 0);
  const std::string good = read_file(entry(1));
  std::string bad = good;
  bad[good.find("the first version")] = 'T';
  publish_file(entry(1), bad);
  const std::string name = Journal::entry_name(1);
  expect_failure(deploy(first, {"mode=switch"}), Topic::kDamagedJournal, name);
  expect_failure(by_hand("rollback", "it must go"), Topic::kDamagedJournal, name);
  expect_failure(bench->millrace({"deploy", "status", endpoint_}), Topic::kDamagedJournal, name);
  eventually([&] { return ask(address(), endpoint_, rows, 0).version == 2; });
  publish_file(entry(1), good);
  EXPECT_EQ(by_hand("rollback", "it must go").exit_code, 0);
  EXPECT_EQ(story(), "deploy deploy rollback");
}

TEST_F(DeployDamage, AFullDiskAtAnyEntryLosesNothing) {
  const Asker asker(address(), endpoint_, rows);
  int failures = 0;
  for (int k = 1; k < 10; ++k) {
    const std::size_t before = entries().size();
    const ProcessResult result = bench->millrace_under(fmt::format("link:{}:ENOSPC", k), words(second));
    EXPECT_EQ(state(), standing().state);
    if (result.exit_code == 0) break;
    ++failures;
    EXPECT_EQ(result.exit_code, static_cast<int>(ExitCode::kResource)) << result.err;
    EXPECT_NE(result.err.find("No space left on device"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("deploy/" + endpoint_ + "/journal"), std::string::npos) << result.err;
    EXPECT_LE(before, entries().size());
  }
  EXPECT_GT(failures, 0);
  expect_stepped_up();
}

TEST_F(DeployDamage, TheAddressOfAKilledServerIsAsNone) {
  server_->signal(SIGKILL);
  server_->wait(30);
  const ProcessResult asked = bench->millrace({"request", endpoint_, "{}", "--endpoint", endpoint_});
  expect_failure(asked, Topic::kUnreachableServer, "Connection refused");
  ASSERT_EQ(deploy(second).exit_code, 0);
  EXPECT_NE(entries().back().at("reason").get<std::string>().find("no server answers"), std::string::npos);
  start_server();  // finds another's file, and takes it over
  EXPECT_EQ(ask(address(), endpoint_, rows, 0).version, 2U);
}

TEST_F(DeployDamage, AnAddressThatIsNoneIsAsNone) {
  for (const char* text : {"", "\n", "here\n", "127.0.0.1\n", "http://\n", "127.0.0.1:99999\n"}) {
    publish_file(folder() + "/address", text);
    EXPECT_FALSE(ask_arms(root(), endpoint_)) << text;
  }
  EXPECT_EQ(deploy(second).exit_code, 0);
  EXPECT_EQ(state().current.version, 2U);
}

TEST_F(DeployDamage, AServerOfAnotherWorkspaceIsNotTakenForOurs) {
  const std::string theirs = bench->path("theirs");
  std::filesystem::copy(
      root(), theirs,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  server_.reset();
  ASSERT_EQ(deploy(second, {"mode=switch"}).exit_code, 0);  // ours has version 2 now, theirs still 1
  const BackgroundProcess intruder({MILLRACE_SERVE, "--workspace", theirs, "--endpoint", endpoint_, "--port",
                                    "0", "--address-file", folder() + "/address"},
                                   bench->path("theirs.log"), bench->folder());
  eventually([&] { return ask_arms(root(), endpoint_).has_value(); });
  const std::string third = package({"training.seed=3"});
  const ProcessResult result = deploy(third);
  EXPECT_EQ(result.exit_code, static_cast<int>(ExitCode::kResource)) << result.err;
  EXPECT_NE(result.err.find("does not answer with test/2"), std::string::npos) << result.err;
  EXPECT_EQ(story(), "deploy deploy");
  EXPECT_EQ(deploy(third, {"mode=switch"}).exit_code, 0);  // which watches nobody
}

}  // namespace
}  // namespace millrace
