#include "storage/journal_segments.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "storage/journal.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

// Hundreds of entries, that no power cut will meet.
class Unsynced : public FileOperations {
 public:
  int sync(int) override { return 0; }
};

// A journal of two sealed segments and a few entries more.
class Sealed : public testing::Test {
 protected:
  static constexpr std::uint64_t kEntries = 2 * kSegmentEntries + 3;

  void SetUp() override { add(kEntries); }
  // The entry that completes a segment is appended, which seals it.
  void add(std::uint64_t entries) {
    for (const std::uint64_t last = end_.number + entries; end_.number < last;) {
      const Json content{{"payload", end_.number}};
      if ((end_.number + 1) % kSegmentEntries == 0) {
        journal().append(end_, [&](const auto&) { return content; });
      } else {
        ASSERT_TRUE(journal().publish(end_, content));
      }
      const std::uint64_t number = end_.number + 1;
      end_ = {number, digest_of(read_file(entry(number)))};
    }
  }
  Journal journal() { return {folder_.path(), "registry"}; }
  std::string entry(std::uint64_t number) { return folder_ / Journal::entry_name(number); }
  std::string segment(std::uint64_t number) { return JournalSegments(folder_.path()).path(number); }
  std::string refusal() {
    try {
      (void)journal().read();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource);
      return error.message();
    }
    return "no error";
  }
  static void replace_in(const std::string& path, const std::string& from, const std::string& to) {
    std::string bytes = read_file(path);
    ASSERT_NE(bytes.find(from), std::string::npos);
    publish_file(path, bytes.replace(bytes.find(from), from.size(), to));
  }
  void remove_entries(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t number = from; number <= to; ++number) fs::remove(entry(number));
  }

  Unsynced operations_;
  ScopedFileOperations scope_{operations_};
  TemporaryFolder folder_;
  JournalPosition end_;
};

TEST_F(Sealed, EntriesAreReadFromSegmentsOrFilesAlike) {
  EXPECT_EQ(JournalSegments(folder_.path()).last(), 2 * kSegmentEntries);
  const auto before = journal().read();
  ASSERT_EQ(before.size(), kEntries);
  remove_entries(1, 2 * kSegmentEntries);
  const auto sealed = journal().read();
  fs::remove_all(folder_ / "segments");
  ASSERT_EQ(sealed.size(), kEntries);
  for (std::size_t i = 0; i < kEntries; ++i) {
    EXPECT_EQ(sealed[i].text, before[i].text);
    EXPECT_EQ(sealed[i].content()["payload"], i);
  }
  EXPECT_NE(refusal().find("000000001.json' is missing"), std::string::npos);
}

TEST_F(Sealed, OnlyWhatIsNewIsRead) {
  remove_entries(1, kSegmentEntries);
  for (const std::uint64_t seen :
       {std::uint64_t{1}, kSegmentEntries - 1, kSegmentEntries, kSegmentEntries + 1, kEntries}) {
    const auto all = journal().read();
    const auto rest = journal().read_after({seen, all[seen - 1].digest});
    ASSERT_EQ(rest.size(), kEntries - seen) << seen;
    if (!rest.empty()) {
      EXPECT_EQ(rest[0].number, seen + 1);
    }
  }
  EXPECT_THROW((void)journal().read_after({2, digest_of("another history")}), Error);
}

TEST_F(Sealed, AnAlteredSegmentIsNamedWithItsEntry) {
  replace_in(segment(1), "\"payload\":7,", "\"payload\":8,");
  EXPECT_NE(refusal().find("000000001-000000256.segment/000000008.json' was altered"), std::string::npos)
      << refusal();
  fs::remove(segment(1));  // the files of its entries are still there
  EXPECT_EQ(journal().read().size(), kEntries);
}

TEST_F(Sealed, ATornSegmentIsNamed) {
  const std::string path = segment(300);
  const std::string bytes = read_file(path);
  for (const std::size_t size : {std::size_t{0}, std::size_t{20}, bytes.size() / 2, bytes.size() - 1}) {
    publish_file(path, bytes.substr(0, size));
    EXPECT_NE(refusal().find("segment '" + path + "' is damaged"), std::string::npos) << size << refusal();
  }
  publish_file(path, bytes + "x");
  EXPECT_NE(refusal().find("something follows"), std::string::npos);
  publish_file(path, read_file(segment(1)));
  EXPECT_NE(refusal().find("other entries"), std::string::npos) << refusal();
  replace_in(path, "\"format\":1", "\"format\":2");
  EXPECT_NE(refusal().find("newer Millrace"), std::string::npos);
}

TEST_F(Sealed, FilesOfSealedEntriesMayGoWhereTheSegmentHasThem) {
  using std::chrono::seconds;
  EXPECT_TRUE(journal().sealed_files(seconds(3600)).empty());
  replace_in(entry(5), "\"payload\":4", "\"payload\":9");
  const auto files = journal().sealed_files(seconds(0));
  EXPECT_EQ(files.size(), 2 * kSegmentEntries - 1);
  for (const std::string& file : files) fs::remove(file);
  EXPECT_EQ(journal().read().size(), kEntries);
}

// What a copy file by file finds: the journal's folder listed first, its segments later, while others append
// and seal.
TEST_F(Sealed, ACopyTakenMeanwhileIsWhole) {
  const TemporaryFolder copy;
  fs::create_directories(copy / "segments");
  const std::vector<std::string> listed = list_folder(folder_.path());
  add(kSegmentEntries);
  for (const std::string& name : listed) {
    if (name != "segments") fs::copy_file(folder_ / name, copy / name);
  }
  for (const std::string& name : list_folder(folder_ / "segments"))
    fs::copy_file(folder_ / ("segments/" + name), copy / ("segments/" + name));
  EXPECT_GE(Journal(copy.path(), "registry").read().size(), kEntries);
  EXPECT_EQ(JournalSegments(copy.path()).last(), 3 * kSegmentEntries);
}

}  // namespace
}  // namespace millrace
