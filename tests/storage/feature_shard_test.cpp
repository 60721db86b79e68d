#include "storage/feature_shard.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/random.hpp"
#include "storage/hdf5.hpp"
#include "storage/shard_header.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

FeatureRows random_rows(std::size_t rows, std::size_t n_numeric, std::size_t n_categorical) {
  CounterRandom random(rows + 1);
  FeatureRows result;
  result.rows = rows;
  result.n_numeric = n_numeric;
  result.n_categorical = n_categorical;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < n_numeric; ++i) result.numeric.push_back(static_cast<float>(random.normal()));
    for (std::size_t i = 0; i < n_categorical; ++i) {
      result.categorical.push_back(static_cast<std::int32_t>(random.below(100)));
    }
    result.target.push_back(static_cast<float>(random.below(2)));
    result.weight.push_back(static_cast<float>(random.uniform()));
    result.row.push_back(random.next_u64());
  }
  return result;
}

void expect_equal(const FeatureRows& a, const FeatureRows& b) {
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.n_numeric, b.n_numeric);
  EXPECT_EQ(a.n_categorical, b.n_categorical);
  EXPECT_EQ(a.numeric, b.numeric);
  EXPECT_EQ(a.categorical, b.categorical);
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.row, b.row);
}

TEST(FeatureShard, RowRangesAddUpToTheWhole) {
  const TemporaryFolder folder;
  for (const std::size_t n : {0U, 1U, 100U, 1003U}) {
    for (const auto& [n_numeric, n_categorical] : {std::pair{5U, 3U}, {0U, 2U}, {4U, 0U}, {0U, 0U}}) {
      const FeatureRows rows = random_rows(n, n_numeric, n_categorical);
      write_feature_shard(folder / "x.h5", rows);
      const FeatureShardReader reader(folder / "x.h5");
      FeatureRows read;
      for (std::size_t first = 0; first < n; first += 97) {
        reader.read(first, std::min<std::size_t>(97, n - first), read);
      }
      reader.read(n, 0, read);
      expect_equal(read, rows);
    }
  }
}

TEST(FeatureShard, EqualContentGivesEqualBytes) {
  const TemporaryFolder folder;
  write_feature_shard(folder / "x.h5", random_rows(50, 3, 2));
  write_feature_shard(folder / "y.h5", random_rows(50, 3, 2));
  EXPECT_TRUE(read_file(folder / "x.h5") == read_file(folder / "y.h5"));
}

TEST(FeatureShard, RowsBeyondTheEndAreAFault) {
  const TemporaryFolder folder;
  write_feature_shard(folder / "x.h5", random_rows(10, 1, 1));
  const FeatureShardReader reader(folder / "x.h5");
  FeatureRows rows;
  EXPECT_THROW(reader.read(8, 3, rows), Error);
  EXPECT_THROW(reader.read(11, 0, rows), Error);
}

TEST(FeatureShard, AppendKeepsOrderAndRefusesOtherWidths) {
  FeatureRows rows = random_rows(3, 2, 1);
  const FeatureRows more = random_rows(4, 2, 1);
  rows.append(more);
  EXPECT_EQ(rows.rows, 7U);
  EXPECT_EQ(rows.row[3], more.row[0]);
  EXPECT_THROW(rows.append(random_rows(1, 3, 1)), Error);
}

TEST(FeatureShard, InconsistentFilesAreErrorsThatNameThem) {
  const TemporaryFolder folder;
  auto file = hdf5::File::create(folder / "x.h5");
  write_header(file, "feature-shard", 2);
  file.write_checked<float>("numeric", std::vector<float>{1, 2, 3, 4}, {2, 2});
  file.write_checked<std::int32_t>("categorical", std::vector<std::int32_t>{}, {2, 0});
  file.write_checked<float>("target", std::vector<float>{1});
  file.write_checked<float>("weight", std::vector<float>{1, 1});
  file.write_checked<std::uint64_t>("row", std::vector<std::uint64_t>{1, 2});
  file.close();
  try {
    FeatureShardReader reader(folder / "x.h5");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find("'target'"), std::string::npos) << error.message();
  }
}

TEST(FeatureShard, AnotherElementTypeIsAnError) {
  const TemporaryFolder folder;
  auto file = hdf5::File::create(folder / "x.h5");
  write_header(file, "feature-shard", 2);
  file.write_checked<double>("numeric", std::vector<double>{1, 2}, {2, 1});
  file.write_checked<std::int32_t>("categorical", std::vector<std::int32_t>{}, {2, 0});
  file.write_checked<float>("target", std::vector<float>{1, 1});
  file.write_checked<float>("weight", std::vector<float>{1, 1});
  file.write_checked<std::uint64_t>("row", std::vector<std::uint64_t>{1, 2});
  file.close();
  EXPECT_THROW(FeatureShardReader(folder / "x.h5"), Error);
}

// Groups of rows that touch the altered piece are refused, all others read on.
TEST(FeatureShard, AnAlteredByteIsToldWhenItsRowsAreRead) {
  const TemporaryFolder folder;
  const FeatureRows rows = random_rows(20'000, 5, 2);
  write_feature_shard(folder / "x.h5", rows);
  const std::uint64_t offset = hdf5::File::open(folder / "x.h5").find_checked<float>("numeric").offset;
  std::string bytes = read_file(folder / "x.h5");
  const std::uint64_t at = std::uint64_t{4} * 5 * 10'000;  // of row 10,000
  bytes[offset + at] = static_cast<char>(bytes[offset + at] ^ 64);
  publish_file(folder / "x.h5", bytes);
  const FeatureShardReader reader(folder / "x.h5");
  FeatureRows read;
  reader.read(0, 9'000, read);
  reader.read(11'000, 9'000, read);
  EXPECT_EQ(read.row[9'000], rows.row[11'000]);
  try {
    reader.read(9'990, 20, read);
    ADD_FAILURE();
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kDamagedObject);
    EXPECT_NE(error.message().find(folder / "x.h5"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("bytes 196608 to 212991 of 'numeric'"), std::string::npos)
        << error.message();
  }
}

TEST(FeatureShard, AFileCutShortIsAnError) {
  const TemporaryFolder folder;
  write_feature_shard(folder / "x.h5", random_rows(1000, 5, 2));
  const std::string whole = read_file(folder / "x.h5");
  publish_file(folder / "x.h5", std::string_view(whole).substr(0, whole.size() / 2));
  EXPECT_THROW(FeatureShardReader(folder / "x.h5"), Error);
}

}  // namespace
}  // namespace millrace
