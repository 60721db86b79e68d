// Real processes that append at once and are killed at any moment: what was acknowledged is there, once.
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/file.hpp"
#include "registry/registry.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::TemporaryFolder;

// sequence → version, of the lines that are whole.
using Acknowledged = std::map<std::uint64_t, std::uint64_t>;

class Appender {
 public:
  Appender(const TemporaryFolder& folder, std::string name, std::uint64_t count)
      : registry_(folder / "registry"), log_(folder / name), name_(std::move(name)), count_(count) {
    start();
  }

  [[nodiscard]] bool running() { return process_->running(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int wait() { return process_->wait(60); }

  // Goes on behind what was acknowledged.
  void kill_and_restart() {
    process_->signal(SIGKILL);
    (void)process_->wait(60);
    start();
  }

  [[nodiscard]] Acknowledged acknowledged() const {
    Acknowledged lines;
    const std::string text = path_exists(log_) ? read_file(log_) : "";
    std::istringstream words(text.substr(0, text.rfind('\n') + 1));
    for (std::uint64_t version = 0, sequence = 0; words >> version >> sequence;) lines[sequence] = version;
    return lines;
  }

 private:
  void start() {
    const std::size_t done = acknowledged().size();
    process_ = std::make_unique<BackgroundProcess>(
        std::vector<std::string>{MILLRACE_APPENDER, registry_, "churn", name_, std::to_string(done),
                                 std::to_string(count_ - done)},
        log_);
  }

  std::string registry_;
  std::string log_;
  std::string name_;
  std::uint64_t count_;
  std::unique_ptr<BackgroundProcess> process_;
};

TEST(Appenders, KilledAtAnyMomentLoseNothingThatWasAcknowledged) {
  constexpr std::uint64_t kEach = 50;
  constexpr int kKills = 12;
  const TemporaryFolder folder;
  std::vector<std::unique_ptr<Appender>> appenders;
  for (const char* name : {"a", "b", "c", "d"})
    appenders.push_back(std::make_unique<Appender>(folder, name, kEach));
  std::minstd_rand random(7);
  int kills = 0;
  for (int i = 0; i < kKills; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + random() % 30));
    Appender& victim = *appenders[random() % appenders.size()];
    if (!victim.running()) continue;
    victim.kill_and_restart();
    ++kills;
  }
  for (const auto& appender : appenders)
    EXPECT_EQ(appender->wait(), 0) << read_file(folder / appender->name());

  const RegistryState state = Registry(folder / "registry").state();  // throws where the chain is not whole
  std::map<std::uint64_t, Json> registered;
  for (const ModelVersion& version : state.versions)
    EXPECT_TRUE(registered.emplace(version.version, version.details()).second) << version.name();
  EXPECT_EQ(registered.rbegin()->first, registered.size());
  std::set<std::uint64_t> versions;
  for (const auto& appender : appenders) {
    const Acknowledged acknowledged = appender->acknowledged();
    EXPECT_EQ(acknowledged.size(), kEach);
    for (const auto& [sequence, version] : acknowledged) {
      EXPECT_TRUE(versions.insert(version).second) << version << " was acknowledged twice";
      ASSERT_TRUE(registered.contains(version)) << version << " is lost";
      EXPECT_EQ(registered[version]["appender"], appender->name());
      EXPECT_EQ(registered[version]["sequence"], sequence);
    }
  }
  EXPECT_GT(kills, 0);
  // Of each that was killed one may have been registered whose acknowledgement was not read.
  EXPECT_LE(registered.size(), versions.size() + static_cast<std::size_t>(kills));
}

}  // namespace
}  // namespace millrace
