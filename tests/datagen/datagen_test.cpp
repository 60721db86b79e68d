#include "datagen/datagen.hpp"

#include <cerrno>
#include <cmath>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "datagen/files.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using namespace testing_support;

std::map<std::string, std::string> files_of(DatagenOptions options) {
  const TemporaryFolder folder;
  options.out = folder / "made";
  generate(options);
  return files_in(options.out);
}

TEST(Datagen, FilesAreDatedAndWhole) {
  const TemporaryFolder folder;
  const DatagenSummary summary =
      generate({.out = folder.path(), .days = 3, .rows_per_day = 50, .first_day = "2028-02-28"});
  EXPECT_EQ(
      list_folder(folder.path()),
      (std::vector<std::string>{"churn-2028-02-28.csv", "churn-2028-02-29.csv", "churn-2028-03-01.csv"}));
  std::uint64_t bytes = 0;
  for (const auto& [name, text] : files_in(folder.path())) {
    bytes += text.size();
    const std::vector<std::string> lines = lines_of(folder / name);
    ASSERT_EQ(lines.size(), 51U);
    for (const std::string& line : lines) EXPECT_EQ(fields_of(line).size(), 14U) << line;
  }
  EXPECT_EQ(summary.files, 3U);
  EXPECT_EQ(summary.rows, 150U);
  EXPECT_EQ(summary.bytes, bytes);
}

TEST(Datagen, FilesCanLieInPartitionedFolders) {
  const TemporaryFolder folder;
  generate({.out = folder.path(), .days = 2, .rows_per_day = 50, .partitioned = true});
  EXPECT_EQ(list_folder(folder.path()), (std::vector<std::string>{"day=2026-10-01", "day=2026-10-02"}));
  EXPECT_EQ(read_file(folder / "day=2026-10-02/churn.csv"),
            files_of({.days = 2, .rows_per_day = 50}).at("churn-2026-10-02.csv"));
}

TEST(Datagen, ThreadsDoNotShow) {
  EXPECT_EQ(files_of({.days = 7, .rows_per_day = 300, .threads = 1}),
            files_of({.days = 7, .rows_per_day = 300, .threads = 5}));
}

TEST(Datagen, AFileDependsOnItsDateAndTheSeedAlone) {
  const auto week = files_of({.days = 7, .rows_per_day = 300});
  const auto day = files_of({.days = 1, .rows_per_day = 300, .first_day = "2026-10-05"});
  EXPECT_EQ(day.at("churn-2026-10-05.csv"), week.at("churn-2026-10-05.csv"));
  EXPECT_NE(week, files_of({.days = 7, .rows_per_day = 300, .seed = 2}));
}

TEST(Datagen, MoreRowsKeepTheFirst) {
  const auto few = files_of({.days = 1, .rows_per_day = 10}).begin()->second;
  const auto many = files_of({.days = 1, .rows_per_day = 1000}).begin()->second;
  EXPECT_TRUE(many.starts_with(few));
}

TEST(Datagen, IdentifiersAreUnique) {
  std::map<std::string, int> seen;
  for (const auto& [name, text] : files_of({.days = 2, .rows_per_day = 500})) {
    for (const std::string& line : split(text, '\n')) ++seen[fields_of(line)[0]];
  }
  EXPECT_EQ(seen.size(), 1002U);  // and the header, and the end
}

TEST(Datagen, TheTruthIsWorthLearningButNotCertain) {
  const TemporaryFolder folder;
  const DatagenSummary summary = generate({.out = folder.path(), .days = 4, .rows_per_day = 5000});
  EXPECT_NEAR(summary.positive_share, 0.27, 0.02);
  EXPECT_NEAR(summary.best_auc, 0.874, 0.01);
}

TEST(Datagen, DriftBeginsOnItsDay) {
  const auto calm = files_of({.days = 4, .rows_per_day = 200});
  const auto drifted = files_of({.days = 4, .rows_per_day = 200, .drift_from_day = 3});
  EXPECT_EQ(calm.at("churn-2026-10-02.csv"), drifted.at("churn-2026-10-02.csv"));
  EXPECT_NE(calm.at("churn-2026-10-03.csv"), drifted.at("churn-2026-10-03.csv"));
  EXPECT_NE(calm.at("churn-2026-10-04.csv"), drifted.at("churn-2026-10-04.csv"));
  EXPECT_EQ(calm, files_of({.days = 4, .rows_per_day = 200, .drift_from_day = 3, .drift_size = 0}));
}

// Whatever a row shows stays as it was: only the labels are others.
TEST(Datagen, DriftOfHabitsChangesOnlyTheLabels) {
  const auto calm = files_of({.days = 1, .rows_per_day = 500});
  const auto drifted =
      files_of({.days = 1, .rows_per_day = 500, .drift_from_day = 1, .drift_kind = "habits"});
  const auto without_labels = [](const std::string& csv) {
    std::string text;
    for (std::size_t begin = 0; begin < csv.size();) {
      const std::size_t end = csv.find('\n', begin);
      text += csv.substr(begin, csv.rfind(',', end) - begin) + "\n";
      begin = end + 1;
    }
    return text;
  };
  const std::string& before = calm.begin()->second;
  const std::string& after = drifted.begin()->second;
  EXPECT_NE(before, after);
  EXPECT_EQ(without_labels(before), without_labels(after));
}

TEST(Datagen, AnySizeCanBeAskedFor) {
  for (const std::uint64_t wanted : {10'000ULL, 3'000'000ULL}) {
    const TemporaryFolder folder;
    const auto bytes =
        static_cast<double>(generate({.out = folder.path(), .days = 2, .target_bytes = wanted}).bytes);
    EXPECT_NEAR(bytes, static_cast<double>(wanted), 0.02 * static_cast<double>(wanted) + 500);
  }
}

TEST(Datagen, NoRowsMakeAHeader) {
  const TemporaryFolder folder;
  const DatagenSummary summary = generate({.out = folder.path(), .days = 1, .rows_per_day = 0});
  EXPECT_EQ(lines_of(folder / "churn-2026-10-01.csv").size(), 1U);
  EXPECT_EQ(summary.rows, 0U);
  EXPECT_TRUE(std::isnan(summary.best_auc));
  EXPECT_TRUE(Json(summary).at("best_auc").is_null());
  EXPECT_FALSE(format_summary(summary).empty());
}

TEST(Datagen, OptionsThatMakeNoSenseAreRefused) {
  const TemporaryFolder folder;
  const auto refused = [](const DatagenOptions& options) {
    try {
      generate(options);
    } catch (const Error& error) {
      return error.code() == ExitCode::kUsage;
    }
    return false;
  };
  EXPECT_TRUE(refused({.out = ""}));
  EXPECT_TRUE(refused({.out = folder.path(), .days = 0}));
  EXPECT_TRUE(refused({.out = folder.path(), .days = 40000}));
  EXPECT_TRUE(refused({.out = folder.path(), .first_day = "yesterday"}));
  EXPECT_TRUE(refused({.out = folder.path(), .days = 3, .drift_from_day = 4}));
  EXPECT_TRUE(refused({.out = folder.path(), .drift_size = -1}));
  EXPECT_TRUE(refused({.out = folder.path(), .drift_kind = "moods"}));
  EXPECT_TRUE(list_folder(folder.path()).empty());
}

class FullDisk : public FileOperations {
 public:
  long write(int, const char*, std::size_t) override {
    errno = ENOSPC;
    return -1;
  }
};

TEST(Datagen, AFullDiskLeavesNothing) {
  const TemporaryFolder folder;
  FullDisk disk;
  const ScopedFileOperations full(disk);
  try {
    generate({.out = folder.path(), .days = 5, .rows_per_day = 10, .threads = 3});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find("No space left"), std::string::npos) << error.message();
  }
  EXPECT_TRUE(list_folder(folder.path()).empty());
}

}  // namespace
}  // namespace millrace
