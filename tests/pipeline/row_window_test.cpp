#include "pipeline/row_window.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

namespace millrace {
namespace {

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

// Files with so many records in shards of two.
Dataset dataset_of(const std::vector<std::pair<std::string, std::uint64_t>>& files) {
  Dataset dataset;
  for (const auto& [name, records] : files) {
    const auto source = static_cast<std::uint32_t>(dataset.sources.size());
    dataset.sources.push_back({name, records, {}});
    for (std::uint64_t left = records; left > 0; left -= std::min<std::uint64_t>(left, 2))
      dataset.shards.push_back({{}, 0, std::min<std::uint64_t>(left, 2), source, 0});
  }
  return dataset;
}

TEST(RowWindow, IsTheNewestPartitions) {
  const Dataset dataset = dataset_of(
      {{"day=1/a.csv", 3}, {"day=2/region=eu/a.csv", 4}, {"day=2/region=us/a.csv", 2}, {"day=3/a.csv", 1}});
  EXPECT_EQ(newest_rows(dataset, 1, 0).recent, (Ranges{{9, 10}}));
  EXPECT_EQ(newest_rows(dataset, 2, 0).recent, (Ranges{{3, 10}}));
  EXPECT_EQ(newest_rows(dataset, 3, 0).recent, (Ranges{{0, 10}}));
  EXPECT_EQ(newest_rows(dataset, 9, 0).recent, (Ranges{{0, 10}}));
}

TEST(RowWindow, CountsFilesWhereThereAreNoFolders) {
  const Dataset dataset = dataset_of({{"a.csv", 3}, {"b.csv", 0}, {"c.csv", 5}});
  EXPECT_EQ(newest_rows(dataset, 1, 0).recent, (Ranges{{3, 8}}));
  EXPECT_EQ(newest_rows(dataset, 2, 0).recent, (Ranges{{3, 8}}));  // b.csv has no rows, but is one
  EXPECT_EQ(newest_rows(dataset, 3, 0).recent, (Ranges{{0, 8}}));
}

TEST(RowWindow, WithoutALimitIsAllRows) {
  const RowWindow all = newest_rows(dataset_of({{"a.csv", 3}}), 0, 0);
  EXPECT_TRUE(all.contains(0));
  EXPECT_TRUE(all.contains(std::numeric_limits<std::uint64_t>::max() - 1));
}

TEST(RowWindow, KnowsRowsAndStretches) {
  const RowWindow window{{{2, 4}, {7, 9}}, 0};
  for (std::uint64_t row = 0; row < 11; ++row)
    EXPECT_EQ(window.contains(row), row == 2 || row == 3 || row == 7 || row == 8) << row;
  EXPECT_FALSE(window.overlaps(4, 7));
  EXPECT_TRUE(window.overlaps(4, 8));
  EXPECT_TRUE(window.overlaps(0, 20));
  EXPECT_FALSE(window.counts(4, 7));
  EXPECT_TRUE((RowWindow{window.recent, 0.1}).counts(4, 7));
  EXPECT_EQ(Json(window).get<RowWindow>(), window);
}

}  // namespace
}  // namespace millrace
