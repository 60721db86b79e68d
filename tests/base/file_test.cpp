#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

// A disk that hands over three bytes at a time and is interrupted in between.
class StutteringOperations : public FileOperations {
 public:
  long write(int fd, const char* data, std::size_t size) override {
    return interrupted() ? -1 : FileOperations::write(fd, data, std::min<std::size_t>(size, 3));
  }
  long read_at(int fd, char* data, std::size_t size, std::uint64_t offset) override {
    return interrupted() ? -1 : FileOperations::read_at(fd, data, std::min<std::size_t>(size, 3), offset);
  }

 private:
  bool interrupted() {
    errno = EINTR;
    return ++calls_ % 2 == 0;
  }
  int calls_ = 0;
};

class BrokenReads : public FileOperations {
 public:
  long read_at(int, char*, std::size_t, std::uint64_t) override {
    errno = EIO;
    return -1;
  }
};

ExitCode code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::kDone;
}

TEST(ReadableFile, ReadsAnyPartAndStopsAtTheEnd) {
  const TemporaryFolder folder;
  publish_file(folder / "file", "0123456789");
  const ReadableFile file(folder / "file");
  EXPECT_EQ(file.size(), 10U);
  std::string bytes(4, '.');
  EXPECT_EQ(file.read_at(8, bytes), 2U);
  EXPECT_EQ(bytes, "89..");
  EXPECT_EQ(file.read_at(10, bytes), 0U);
  EXPECT_EQ(file.read_at(99, bytes), 0U);
  EXPECT_EQ(file.read_at(0, {}), 0U);
}

TEST(ReadableFile, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  for (const std::string& path : {folder / "missing", folder.path(), folder / "missing/below"}) {
    EXPECT_EQ(code_of([&] { const ReadableFile file(path); }), ExitCode::kResource) << path;
  }
}

TEST(ReadFile, SurvivesShortAndInterruptedCalls) {
  const TemporaryFolder folder;
  StutteringOperations stuttering;
  const ScopedFileOperations scope(stuttering);
  publish_file(folder / "file", "a text of some length");
  EXPECT_EQ(read_file(folder / "file"), "a text of some length");
}

TEST(ReadFile, NamesTheFileThatCannotBeRead) {
  const TemporaryFolder folder;
  publish_file(folder / "file", "x");
  BrokenReads broken;
  const ScopedFileOperations scope(broken);
  try {
    read_file(folder / "file");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find(folder / "file"), std::string::npos) << error.message();
  }
}

TEST(ScopedFileOperations, GivesBackWhatWasThere) {
  FileOperations* before = &file_operations();
  {
    StutteringOperations stuttering;
    const ScopedFileOperations scope(stuttering);
    EXPECT_EQ(&file_operations(), &stuttering);
  }
  EXPECT_EQ(&file_operations(), before);
}

TEST(Folders, AreMadeWithTheirParentsAndListedSorted) {
  const TemporaryFolder folder;
  make_folder(folder / "a/b/c");
  make_folder(folder / "a/b/c");  // twice is no error
  publish_file(folder / "a/z", "");
  publish_file(folder / "a/B", "");
  EXPECT_EQ(list_folder(folder / "a"), (std::vector<std::string>{"B", "b", "z"}));
  EXPECT_TRUE(list_folder(folder / "missing").empty());
  EXPECT_EQ(code_of([&] { make_folder(folder / "a/z/below"); }), ExitCode::kResource);
  EXPECT_EQ(code_of([&] { list_folder(folder / "a/z"); }), ExitCode::kResource);
}

TEST(UniqueFd, HasOneOwner) {
  UniqueFd first(file_operations().open("/dev/null", O_RDONLY, 0));
  ASSERT_TRUE(first.valid());
  const int number = first.get();
  UniqueFd second(std::move(first));
  EXPECT_EQ(second.get(), number);
  UniqueFd third;
  third = std::move(second);
  EXPECT_FALSE(second.valid());  // NOLINT(bugprone-use-after-move): that is what is tested
  third = UniqueFd();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1) << "closed when its owner got another";
}

}  // namespace
}  // namespace millrace
