#include "packaging/archive.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

constexpr std::uint64_t kPlenty = 1 << 30;

TEST(Archive, PartsReadBackInOrder) {
  const TemporaryFolder folder;
  const std::string large(3'000'001, 'x');
  write_archive(folder / "a", {{"empty", ""}, {"b", std::string("nul\0", 4)}, {"a", large}});
  ArchiveReader reader(folder / "a");
  EXPECT_EQ(reader.next(), "empty");
  EXPECT_EQ(reader.read(0), "");
  EXPECT_EQ(reader.next(), "b");
  EXPECT_EQ(reader.read(4), std::string("nul\0", 4));
  EXPECT_EQ(reader.next(), "a");
  EXPECT_TRUE(reader.read(kPlenty) == large);
  EXPECT_EQ(reader.next(), std::nullopt);
}

TEST(Archive, PartsCanBeSkipped) {
  const TemporaryFolder folder;
  write_archive(folder / "a", {{"x", std::string(100'000, 'x')}, {"y", "why"}});
  ArchiveReader reader(folder / "a");
  reader.next();
  EXPECT_EQ(reader.next(), "y");
  EXPECT_EQ(reader.read(kPlenty), "why");
}

TEST(Archive, WhatUnpacksToTooMuchIsRefused) {
  const TemporaryFolder folder;
  write_archive(folder / "bomb", {{"x", std::string(50'000'000, '\0')}});
  EXPECT_LT(read_file(folder / "bomb").size(), 100'000U);
  ArchiveReader reader(folder / "bomb");
  reader.next();
  EXPECT_THROW(reader.read(1'000'000), Error);
}

TEST(Archive, OtherFilesAndDamagedOnesAreErrors) {
  const TemporaryFolder folder;
  const auto read_all = [&](std::string_view bytes) {
    std::ofstream(folder / "x") << bytes;
    ArchiveReader reader(folder / "x");
    while (reader.next()) (void)reader.read(kPlenty);
  };
  EXPECT_THROW(ArchiveReader(folder / "absent"), Error);
  EXPECT_THROW(ArchiveReader(folder.path()), Error);
  EXPECT_THROW(read_all("no archive at all, whatever its name says"), Error);
  write_archive(folder / "a", {{"x", std::string(5'000, 'x')}, {"y", "y"}});
  const std::string whole = read_file(folder / "a");
  EXPECT_NO_THROW(read_all(whole));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_THROW(read_all(std::string_view(whole).substr(0, size)), Error) << size;
  }
}

TEST(Archive, AFolderThatIsMissingIsAnError) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_archive(folder / "no/such/a", {{"x", "x"}}), Error);
}

}  // namespace
}  // namespace millrace
