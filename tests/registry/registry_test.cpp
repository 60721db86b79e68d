#include "registry/registry.hpp"

#include <cerrno>
#include <set>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "registry/records.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

TEST(Registry, AnEmptyFolderIsAnEmptyRegistry) {
  const TemporaryFolder folder;
  const RegistryState state = Registry(folder / "registry").state();
  EXPECT_EQ(state.entries, 0U);
  EXPECT_TRUE(state.head.empty());
  EXPECT_TRUE(state.versions.empty());
}

TEST(Registry, VersionsArtifactsAndAliasesAddUp) {
  const TemporaryFolder folder;
  Registry registry(folder / "registry");
  EXPECT_EQ(registry.register_version("churn", {{"run", "a"}}).version, 1U);
  EXPECT_EQ(registry.register_version("adult", {{"run", "b"}}).version, 1U);
  const ModelVersion second = registry.register_version("churn", {{"run", "c"}});
  EXPECT_EQ(second.version, 2U);
  EXPECT_EQ(second.details(), (Json{{"run", "c"}}));
  EXPECT_FALSE(second.time.empty());
  registry.record_artifact("churn", 1, digest_of("artifact"));
  registry.set_alias("churn", "champion", 1);
  registry.set_alias("churn", "champion", 2);
  registry.set_alias("churn", "a-first", 2);

  const RegistryState state = registry.state();
  EXPECT_EQ(state.entries, 7U);
  EXPECT_EQ(state.head, digest_of_file(folder / "registry/000000007.json"));
  EXPECT_EQ(state.find("churn", 1)->artifact, digest_of("artifact"));
  EXPECT_TRUE(state.find("churn", 1)->aliases.empty());
  EXPECT_EQ(state.find("churn", 2)->aliases, (std::vector<std::string>{"a-first", "champion"}));
}

TEST(Registry, WhatIsSoAlreadyAppendsNothing) {
  const TemporaryFolder folder;
  Registry registry(folder.path());
  registry.register_version("churn", Json::object());
  for (int i = 0; i < 2; ++i) {
    registry.record_artifact("churn", 1, digest_of("artifact"));
    registry.set_alias("churn", "champion", 1);
  }
  EXPECT_EQ(registry.state().entries, 3U);
}

TEST(Registry, WhatRefersToNothingIsRefused) {
  const TemporaryFolder folder;
  Registry registry(folder.path());
  registry.register_version("churn", Json::object());
  EXPECT_THROW(registry.set_alias("churn", "champion", 2), Error);
  EXPECT_THROW(registry.set_alias("churn", "latest", 1), Error);
  EXPECT_THROW(registry.record_artifact("adult", 1, digest_of("x")), Error);
  EXPECT_THROW(registry.register_version("a/b", Json::object()), Error);
  EXPECT_EQ(registry.state().entries, 1U);
}

TEST(Registry, EntriesOfANewerMillraceAreNotGuessedAt) {
  const TemporaryFolder folder;
  Registry registry(folder.path());
  publish_file(folder / "000000001.json", R"({"number": 1, "previous": null, "type": "approval"})");
  try {
    (void)registry.state();
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find("'approval'"), std::string::npos) << error.message();
  }
}

// Many processes register versions and move aliases at once: nothing is lost, the chain is whole.
TEST(Registry, ConcurrentWritersLoseNothing) {
  constexpr int kWriters = 8;
  constexpr int kVersions = 12;
  const TemporaryFolder folder;
  for (int writer = 0; writer < kWriters; ++writer) {
    if (::fork() != 0) continue;
    try {
      Registry registry(folder / "registry");
      for (int i = 0; i < kVersions; ++i) {
        const auto made = registry.register_version("churn", {{"by", writer}, {"nth", i}});
        if (i % 4 == 0) registry.set_alias("churn", "writer-" + std::to_string(writer), made.version);
      }
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  for (int writer = 0; writer < kWriters; ++writer) {
    int status = -1;
    ASSERT_GT(::wait(&status), 0);
    EXPECT_EQ(status, 0);
  }
  const RegistryState state = Registry(folder / "registry").state();
  EXPECT_EQ(state.entries, kWriters * kVersions + kWriters * kVersions / 4);
  std::set<std::string> registered;
  for (std::size_t i = 0; i < state.versions.size(); ++i) {
    EXPECT_EQ(state.versions[i].version, i + 1);
    registered.insert(state.versions[i].details().dump());
  }
  EXPECT_EQ(registered.size(), std::size_t{kWriters} * kVersions);
  for (int writer = 0; writer < kWriters; ++writer) {
    const auto* version = state.find_alias("churn", "writer-" + std::to_string(writer));
    ASSERT_NE(version, nullptr);
    EXPECT_EQ(version->details(), (Json{{"by", writer}, {"nth", 8}}));
  }
}

// The k-th call that changes the disk fails; a link may also fail after it was made, as over NFS.
class FailAt : public FileOperations {
 public:
  explicit FailAt(int at) : left_(at) {}
  int open(const char* path, int flags, unsigned mode) override {
    return fails() ? -1 : FileOperations::open(path, flags, mode);
  }
  long write(int fd, const char* data, std::size_t size) override {
    return fails() ? -1 : FileOperations::write(fd, data, size);
  }
  int sync(int fd) override { return fails() ? -1 : FileOperations::sync(fd); }
  int link(const char* from, const char* to) override {
    return fails() ? -1 : FileOperations::link(from, to);
  }
  [[nodiscard]] bool failed() const { return left_ < 0; }

 private:
  bool fails() {
    const bool now = left_-- == 0;
    if (now) errno = EIO;
    return now;
  }
  int left_;
};

// What entries name is there, and no file is half.
void expect_whole_records(const std::string& folder, const RegistryState& state) {
  const Records records(folder);
  for (const ModelVersion& version : state.versions) {
    const Json details = version.details();
    if (!details.contains("records")) continue;
    EXPECT_FALSE(records.of(details, "config").is_null());
  }
  for (const std::string& name : list_folder(folder + "/records"))
    EXPECT_EQ(digest_of_file(folder + "/records/" + name).hex() + ".json", name);
}

TEST(Registry, AFailureAtAnyStepLeavesTheJournalValid) {
  bool failed = true;
  for (int k = 0; failed; ++k) {
    const TemporaryFolder folder;
    Registry registry(folder.path());
    registry.register_version("churn", {{"n", 1}});
    FailAt operations(k);
    bool threw = false;
    {
      const ScopedFileOperations scope(operations);
      try {
        registry.register_version("churn", {{"n", 2}}, {{"config", {{"n", 2}}}});
      } catch (const Error& error) {
        threw = true;
        EXPECT_EQ(error.code(), ExitCode::kResource);
      }
    }
    failed = operations.failed();
    EXPECT_EQ(threw, failed) << k;
    const std::uint64_t entries = registry.state().entries;
    EXPECT_TRUE(entries == 2 || (threw && entries == 1)) << k;
    std::vector<std::string> names = list_folder(folder.path());
    std::erase(names, "records");
    EXPECT_EQ(names.size(), entries) << k;
    expect_whole_records(folder.path(), registry.state());
    registry.register_version("churn", {{"n", 3}});
    EXPECT_EQ(registry.state().versions.back().version, entries + 1);
  }
}

class LostAnswers : public FileOperations {
 public:
  int link(const char* from, const char* to) override {
    FileOperations::link(from, to);
    errno = EEXIST;
    return -1;
  }
};

TEST(Registry, ALinkWhoseAnswerWasLostCountsOnce) {
  const TemporaryFolder folder;
  Registry registry(folder.path());
  {
    LostAnswers operations;
    const ScopedFileOperations scope(operations);
    registry.register_version("churn", Json::object());
    registry.register_version("churn", Json::object());
  }
  EXPECT_EQ(registry.state().entries, 2U);
}

}  // namespace
}  // namespace millrace
