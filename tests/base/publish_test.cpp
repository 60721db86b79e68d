#include "base/publish.hpp"

#include <cerrno>
#include <functional>
#include <optional>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

// A disk on which the k-th call (from 1) of all that change or sync something fails.
class FailingOperations : public FileOperations {
 public:
  explicit FailingOperations(int failing) : failing_(failing) {}

  int open(const char* path, int flags, unsigned mode) override {
    return fails() ? -1 : FileOperations::open(path, flags, mode);
  }
  // Two writes for every text, so that a failure may leave the first half behind.
  long write(int fd, const char* data, std::size_t size) override {
    return fails() ? -1 : FileOperations::write(fd, data, (size + 1) / 2);
  }
  int sync(int fd) override { return fails() ? -1 : FileOperations::sync(fd); }
  int rename(const char* from, const char* to) override {
    return fails() ? -1 : FileOperations::rename(from, to);
  }
  int link(const char* from, const char* to) override {
    return fails() ? -1 : FileOperations::link(from, to);
  }

  [[nodiscard]] int calls() const { return calls_; }

 private:
  bool fails() {
    errno = calls_ % 2 == 0 ? ENOSPC : EIO;
    return ++calls_ == failing_;
  }
  int failing_;
  int calls_ = 0;
};

std::optional<std::string> content(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Lets each call of `action` fail in turn and checks what is left. Returns how many failures there were.
int fail_each_call(const std::optional<std::string>& old, const std::string& bytes,
                   const std::function<void(const std::string& path)>& action) {
  for (int failing = 1;; ++failing) {
    const TemporaryFolder folder;
    const std::string path = folder / "file";
    if (old) publish_file(path, *old);
    bool threw = false;
    FailingOperations operations(failing);
    try {
      const ScopedFileOperations scope(operations);
      action(path);
    } catch (const Error& error) {
      threw = true;
      EXPECT_EQ(error.code(), ExitCode::kResource) << error.message();
    }
    const auto now = content(path);
    EXPECT_TRUE(now == bytes || (threw && now == old))
        << "call " << failing << " left '" << now.value_or("nothing") << "'";
    EXPECT_EQ(list_folder(folder.path()), now ? std::vector<std::string>{"file"} : std::vector<std::string>{})
        << "call " << failing << " left a temporary file";
    if (operations.calls() < failing) {
      EXPECT_FALSE(threw);
      return failing - 1;
    }
    EXPECT_TRUE(threw) << "the failure of call " << failing << " was swallowed";
  }
}

TEST(PublishFile, LeavesTheOldOrTheNewContentWhateverFails) {
  const auto publish = [](const std::string& path) { publish_file(path, "the new content"); };
  // Create, several writes, open and sync, rename, open and sync the folder.
  EXPECT_GE(fail_each_call("old", "the new content", publish), 8);
  EXPECT_GE(fail_each_call(std::nullopt, "the new content", publish), 8);
  EXPECT_GE(fail_each_call("old", "", [](const std::string& path) { publish_file(path, ""); }), 6);
}

TEST(PublishExclusive, LeavesNothingOrTheNewContentWhateverFails) {
  EXPECT_GE(fail_each_call(std::nullopt, "mine",
                           [](const std::string& path) { EXPECT_TRUE(publish_exclusive(path, "mine")); }),
            8);
}

TEST(PendingFile, LeavesTheOldOrTheNewContentWhateverFails) {
  EXPECT_GE(fail_each_call("old", "new",
                           [](const std::string& path) {
                             PendingFile pending(path);
                             pending.write("new");
                             pending.commit();
                           }),
            8);
}

TEST(PublishExclusive, TheFirstWins) {
  const TemporaryFolder folder;
  EXPECT_TRUE(publish_exclusive(folder / "1.json", "first"));
  EXPECT_FALSE(publish_exclusive(folder / "1.json", "second"));
  EXPECT_EQ(read_file(folder / "1.json"), "first");
  EXPECT_EQ(list_folder(folder.path()).size(), 1U);
}

TEST(PublishFile, MakesTheFolderAndReplaces) {
  const TemporaryFolder folder;
  publish_file(folder / "a/b/file", "one");
  publish_file(folder / "a/b/file", std::string("t\0o", 3));
  EXPECT_EQ(read_file(folder / "a/b/file"), std::string("t\0o", 3));
}

TEST(PendingFile, WithoutCommitLeavesNothing) {
  const TemporaryFolder folder;
  {
    PendingFile pending(folder / "file");
    pending.write("half");
    EXPECT_EQ(list_folder(folder.path()).size(), 1U);
  }
  EXPECT_TRUE(list_folder(folder.path()).empty());
}

TEST(PendingFile, MayBeCommittedUnderAnotherName) {
  const TemporaryFolder folder;
  PendingFile pending(folder / "pending");
  pending.write("content");
  pending.commit_as(folder / "objects/ab/cdef");
  EXPECT_EQ(read_file(folder / "objects/ab/cdef"), "content");
  EXPECT_EQ(list_folder(folder.path()), std::vector<std::string>{"objects"});
}

// A child makes temporary files and dies without cleaning up.
TEST(RemoveAbandonedFiles, RemovesThoseOfTheDeadAlone) {
  const TemporaryFolder folder;
  publish_file(folder / "file", "kept");
  const pid_t child = ::fork();
  if (child == 0) {
    PendingFile pending(folder / "file");
    pending.write("abandoned");
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  PendingFile mine(folder / "other");
  mine.write("in work");
  ASSERT_EQ(list_folder(folder.path()).size(), 3U);
  EXPECT_EQ(remove_abandoned_files(folder.path()), 1);
  EXPECT_EQ(remove_abandoned_files(folder.path()), 0);
  mine.commit();
  EXPECT_EQ(list_folder(folder.path()), (std::vector<std::string>{"file", "other"}));
}

TEST(RemoveAbandonedFiles, ADeadProcessThatNobodyWaitedForIsDead) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    PendingFile pending(folder / "file");
    pending.write("abandoned");
    ::_exit(0);
  }
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(remove_abandoned_files(folder.path()), 1);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
}

// The number of a process is given again: whoever has it now was not there when the file was made.
TEST(RemoveAbandonedFiles, ALaterProcessWithTheSameNumberIsAnother) {
  const TemporaryFolder folder;
  PendingFile mine(folder / "file");
  mine.write("of long ago");
  const auto days = std::chrono::hours(24 * 400);
  std::filesystem::last_write_time(mine.temporary_path(),
                                   std::filesystem::file_time_type::clock::now() - days);
  EXPECT_EQ(remove_abandoned_files(folder.path()), 1);
}

TEST(RemoveAbandonedFiles, LeavesOtherHostsFilesAlone) {
  const TemporaryFolder folder;
  publish_file(folder / "x.tmp-1-0@another-host.invalid", "");
  EXPECT_EQ(remove_abandoned_files(folder.path()), 0);
  EXPECT_EQ(remove_abandoned_files(folder / "missing"), 0);
}

}  // namespace
}  // namespace millrace
