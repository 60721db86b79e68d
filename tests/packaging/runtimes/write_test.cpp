#include <filesystem>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "packaging/runtimes/example_source.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

namespace fs = std::filesystem;

using testing_support::complaint;
using testing_support::TemporaryFolder;

const ExportedFiles kFiles{{"a/b/one", "1"}, {"two", "2", true}};

TEST(WriteExport, WritesFoldersAndModes) {
  const TemporaryFolder folder;
  write_export(folder / "new", kFiles);
  EXPECT_EQ(read_file(folder / "new/a/b/one"), "1");
  EXPECT_EQ(read_file(folder / "new/two"), "2");
  EXPECT_EQ(fs::status(folder / "new/two").permissions(), fs::perms{0755});
}

TEST(WriteExport, AgainIsNothing) {
  const TemporaryFolder folder;
  write_export(folder.path(), kFiles);
  const auto before = fs::last_write_time(folder / "two");
  write_export(folder.path(), kFiles);
  EXPECT_EQ(fs::last_write_time(folder / "two"), before);
}

TEST(WriteExport, WritesNothingWhereSomethingElseIs) {
  const TemporaryFolder folder;
  publish_file(folder / "two", "somebody's");
  EXPECT_NE(complaint([&] { write_export(folder.path(), kFiles); }).find("two' exists"), std::string::npos);
  EXPECT_EQ(read_file(folder / "two"), "somebody's");
  EXPECT_FALSE(fs::exists(folder / "a"));
}

}  // namespace
}  // namespace millrace
