#include "storage/objects.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) found.push_back(entry.path().string());
  }
  return found;
}

TEST(Workspace, ObjectsAreNamedByTheirBytesAndReadOnly) {
  const TemporaryFolder folder;
  const Workspace workspace(folder / "w");
  workspace.prepare();
  const Digest digest = workspace.put_object("hello");
  EXPECT_EQ(digest, digest_of("hello"));
  EXPECT_EQ(workspace.object_path(digest),
            folder / "w/objects/" + digest.hex().substr(0, 2) + "/" + digest.hex().substr(2));
  EXPECT_EQ(workspace.get_object(digest), "hello");
  struct stat status {};
  ASSERT_EQ(::stat(workspace.object_path(digest).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0444U);
}

TEST(Workspace, PuttingTwiceLeavesOneObjectAndNoRemains) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  workspace.prepare();
  const Digest digest = workspace.put_object("hello");
  EXPECT_EQ(workspace.put_object("hello"), digest);
  {
    PendingFile file(workspace.temporary_folder() + "/shard");
    file.write("hello");
    EXPECT_EQ(workspace.put_object(file), digest);
  }
  EXPECT_EQ(files_below(folder.path()),
            (std::vector{workspace.object_path(digest), workspace.path("workspace.json")}));
}

TEST(Workspace, DamagedAndMissingObjectsAreErrors) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  const Digest digest = workspace.put_object("hello");
  EXPECT_TRUE(workspace.has_object(digest));
  EXPECT_FALSE(workspace.has_object(digest_of("other")));
  EXPECT_THROW((void)workspace.get_object(digest_of("other")), Error);
  publish_file(workspace.object_path(digest), "hallo");
  EXPECT_THROW((void)workspace.get_object(digest), Error);
  EXPECT_EQ(workspace.get_object(digest, false), "hallo");
}

TEST(Workspace, AnObjectCutShortIsReplaced) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  const Digest digest = workspace.put_object("hello");
  publish_file(workspace.object_path(digest), "hel");
  workspace.put_object("hello");
  EXPECT_EQ(workspace.get_object(digest), "hello");
}

TEST(Workspace, ActionsAndRefs) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  const Digest key = digest_of("key");
  EXPECT_FALSE(workspace.find_action("train", key));
  workspace.record_action("train", key, {{"weights", "abc"}});
  EXPECT_EQ(workspace.find_action("train", key), (Json{{"weights", "abc"}}));
  EXPECT_FALSE(workspace.find_ref("data", "churn"));
  workspace.set_ref("data", "churn", digest_of("1"));
  workspace.set_ref("data", "churn", digest_of("2"));
  EXPECT_EQ(workspace.find_ref("data", "churn"), digest_of("2"));
  EXPECT_EQ(read_file(folder / "refs/data/churn"), digest_of("2").hex() + "\n");
}

TEST(Workspace, RefsStayInTheirFolderAndAreChecked) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  for (const char* name : {"", "..", "a/../b", ".hidden", "a//b", "/a"}) {
    EXPECT_THROW(workspace.set_ref("data", name, digest_of("1")), Error) << name;
  }
  publish_file(folder / "refs/data/churn", "nonsense\n");
  EXPECT_THROW((void)workspace.find_ref("data", "churn"), Error);
}

TEST(Workspace, PrepareRemovesWhatDeadProcessesLeft) {
  const TemporaryFolder folder;
  const Workspace workspace(folder.path());
  workspace.prepare();
  const pid_t child = ::fork();
  if (child == 0) {
    static PendingFile abandoned(workspace.temporary_folder() + "/object");
    abandoned.write("half an obj");
    ::_exit(0);  // no destructors
  }
  ::waitpid(child, nullptr, 0);
  PendingFile mine(workspace.temporary_folder() + "/object");
  mine.write("mine");
  EXPECT_EQ(list_folder(workspace.temporary_folder()).size(), 2U);
  workspace.prepare();
  EXPECT_EQ(list_folder(workspace.temporary_folder()).size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(mine.temporary_path()));
}

TEST(Workspace, AnUnwritablePlaceIsAnErrorThatSaysWhatToDo) {
  const TemporaryFolder folder;
  publish_file(folder / "file", "");
  try {
    Workspace(folder / "file/w").prepare();
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find("choose another with --workspace"), std::string::npos) << error.message();
  }
}

// The k-th write, sync or rename fails: no object appears that does not match its name, nothing remains in
// tmp/.
class FailAt : public FileOperations {
 public:
  explicit FailAt(int at) : left_(at) {}
  long write(int fd, const char* data, std::size_t size) override {
    return fails() ? -1 : FileOperations::write(fd, data, size);
  }
  int sync(int fd) override { return fails() ? -1 : FileOperations::sync(fd); }
  int rename(const char* from, const char* to) override {
    return fails() ? -1 : FileOperations::rename(from, to);
  }
  [[nodiscard]] bool failed() const { return left_ < 0; }

 private:
  bool fails() {
    errno = ENOSPC;
    return left_-- == 0;
  }
  int left_;
};

TEST(Workspace, AFailureAtAnyStepLeavesNoHalfObject) {
  for (int k = 0;; ++k) {
    const TemporaryFolder folder;
    const Workspace workspace(folder.path());
    workspace.prepare();
    FailAt operations(k);
    {
      const ScopedFileOperations scope(operations);
      try {
        workspace.put_object("hello");
      } catch (const Error& error) {
        EXPECT_NE(error.message().find("No space left"), std::string::npos) << error.message();
      }
    }
    EXPECT_TRUE(list_folder(workspace.temporary_folder()).empty()) << k;
    for (const std::string& file : files_below(folder / "objects")) {
      EXPECT_EQ(read_file(file), "hello");
    }
    workspace.put_object("hello");
    EXPECT_EQ(workspace.get_object(digest_of("hello")), "hello");
    if (!operations.failed()) break;
  }
}

}  // namespace
}  // namespace millrace
