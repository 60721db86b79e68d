#include "tuning/presence.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/host.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::tuning {
namespace {

using millrace::testing_support::TemporaryFolder;
namespace fs = std::filesystem;

// As a job of another host leaves it, that was last heard of so long before `later`.
std::string job_elsewhere(const std::string& folder, fs::file_time_type later, std::chrono::seconds before) {
  std::string job = "2026-11-27T08:00:00.000Z-1@elsewhere";
  std::ofstream(folder + "/" + job).close();
  fs::last_write_time(folder + "/" + job, later - before);
  return job;
}

TEST(Presence, LastsAsLongAsItIsThere) {
  const TemporaryFolder folder;
  const std::string job = new_job_name();
  EXPECT_FALSE(is_present(folder.path(), job));
  {
    const Presence presence(folder.path(), job);
    EXPECT_TRUE(is_present(folder.path(), job));
  }
  EXPECT_FALSE(is_present(folder.path(), job));
  EXPECT_TRUE(list_folder(folder.path()).empty());
}

TEST(Presence, OnThisHostEndsWithItsProcess) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  const std::string job = fmt::format("2026-11-27T08:00:00.000Z-{}@{}", child, host_name());
  std::ofstream(folder / job).close();
  EXPECT_FALSE(is_present(folder.path(), job));
}

TEST(Presence, ElsewhereEndsWhenNothingIsHeardThoughOthersAre) {
  const TemporaryFolder folder;
  const std::string mine = new_job_name();
  const Presence presence(folder.path(), mine);
  const auto now = fs::last_write_time(folder / mine);
  EXPECT_TRUE(is_present(folder.path(), job_elsewhere(folder.path(), now, kSilentAfter)));
  EXPECT_FALSE(
      is_present(folder.path(), job_elsewhere(folder.path(), now, kSilentAfter + std::chrono::seconds(1))));
}

TEST(Presence, DoesNotDependOnTheHostsClock) {
  const TemporaryFolder folder;
  const std::string job =
      job_elsewhere(folder.path(), fs::file_time_type::clock::now(), std::chrono::hours(24));
  EXPECT_TRUE(is_present(folder.path(), job));  // nobody was heard of later
}

TEST(Presence, RemovesWhatDeadJobsHaveLeft) {
  const TemporaryFolder folder;
  const std::string dead =
      job_elsewhere(folder.path(), fs::file_time_type::clock::now(), std::chrono::hours(24));
  const std::string mine = new_job_name();
  const Presence presence(folder.path(), mine);
  EXPECT_EQ(list_folder(folder.path()), std::vector<std::string>{mine});
}

TEST(Presence, WhatIsNoJobsNameIsNotThere) {
  const TemporaryFolder folder;
  std::ofstream(folder / "job").close();
  EXPECT_FALSE(is_present(folder.path(), "job"));
}

}  // namespace
}  // namespace millrace::tuning
