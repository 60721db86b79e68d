#include "storage/journal.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

Journal registry(const std::string& folder) {
  return {folder, "registry"};
}

void fill(const std::string& folder, std::uint64_t entries) {
  Digest head;
  for (std::uint64_t last = 0; last < entries; ++last) {
    ASSERT_TRUE(registry(folder).publish({last, head}, {{"payload", last}}));
    head = digest_of_file(folder + "/" + Journal::entry_name(last + 1));
  }
}

void expect_error(const std::string& folder, const std::string& entry, const std::string& says) {
  try {
    (void)registry(folder).read();
    ADD_FAILURE() << "no error about " << entry;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find(entry), std::string::npos) << error.message();
    EXPECT_NE(error.message().find(says), std::string::npos) << error.message();
  }
}

void replace_in(const std::string& path, const std::string& from, const std::string& to) {
  std::string bytes = read_file(path);
  const auto at = bytes.find(from);
  ASSERT_NE(at, std::string::npos);
  publish_file(path, bytes.replace(at, from.size(), to));
}

TEST(Journal, EntriesAreChained) {
  const TemporaryFolder folder;
  EXPECT_TRUE(registry(folder / "absent").read().empty());
  fill(folder.path(), 3);
  const auto entries = registry(folder.path()).read();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].content()["previous"], Json(nullptr));
  EXPECT_EQ(entries[2].content()["previous"], digest_of_file(folder / "000000002.json").hex());
  EXPECT_EQ(entries[2].content()["payload"], 2);
  EXPECT_FALSE(entries[2].content()["user"].get<std::string>().empty());
}

TEST(Journal, ATakenNumberIsLost) {
  const TemporaryFolder folder;
  fill(folder.path(), 1);
  const std::string before = read_file(folder / Journal::entry_name(1));
  EXPECT_FALSE(registry(folder.path()).publish({}, {{"payload", 7}}));
  EXPECT_EQ(read_file(folder / Journal::entry_name(1)), before);
  EXPECT_EQ(list_folder(folder.path()).size(), 1U);
}

TEST(Journal, AnAlteredEntryIsNamed) {
  constexpr std::uint64_t kEntries = 5;
  for (std::uint64_t number = 1; number < kEntries; ++number) {
    const TemporaryFolder folder;
    fill(folder.path(), kEntries);
    replace_in(folder / Journal::entry_name(number), "\"payload\":", "\"payload\":9");
    expect_error(folder.path(), Journal::entry_name(number), "was altered");
  }
}

TEST(Journal, AnAlteredLinkIsNamed) {
  for (std::uint64_t number = 1; number < 5; ++number) {
    const TemporaryFolder folder;
    fill(folder.path(), 5);
    Json content = read_json_file(folder / Journal::entry_name(number));
    content["previous"] = digest_of("else").hex();
    publish_file(folder / Journal::entry_name(number), pretty_json(content));
    expect_error(folder.path(), Journal::entry_name(number), "was altered");
  }
}

TEST(Journal, ARemovedEntryIsNamed) {
  for (std::uint64_t number = 1; number < 5; ++number) {
    const TemporaryFolder folder;
    fill(folder.path(), 5);
    std::filesystem::remove(folder / Journal::entry_name(number));
    expect_error(folder.path(), Journal::entry_name(number), "is missing");
  }
}

TEST(Journal, ExchangedAndBrokenEntriesAreNamed) {
  const TemporaryFolder folder;
  fill(folder.path(), 3);
  const std::string third = read_file(folder / Journal::entry_name(3));
  publish_file(folder / Journal::entry_name(2), third);
  expect_error(folder.path(), Journal::entry_name(2), "says that it is entry 3");
  publish_file(folder / Journal::entry_name(2), "");
  expect_error(folder.path(), Journal::entry_name(2), "no valid JSON");
  publish_file(folder / Journal::entry_name(2), "[]");
  expect_error(folder.path(), Journal::entry_name(2), "no JSON object");
}

TEST(Journal, OtherFilesAreNoEntries) {
  const TemporaryFolder folder;
  fill(folder.path(), 2);
  publish_file(folder / "000000009.json.tmp-1-1@elsewhere", "{");
  publish_file(folder / "README", "");
  publish_file(folder / "00000000x.json", "");
  EXPECT_EQ(registry(folder.path()).read().size(), 2U);
}

}  // namespace
}  // namespace millrace
