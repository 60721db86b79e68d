#include "storage/data_shard.hpp"

#include <cerrno>
#include <cmath>
#include <fstream>
#include <limits>

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

Schema all_types() {
  return Schema({{"yes/no", ColumnType::kBoolean},
                 {"count", ColumnType::kInteger},
                 {"size", ColumnType::kReal},
                 {"day", ColumnType::kDate},
                 {"time", ColumnType::kTimestamp},
                 {"ключ \"x\"", ColumnType::kText}});
}

// Every type, a third of the values missing.
DataShard random_shard(std::size_t rows, std::uint64_t key) {
  CounterRandom random(key);
  DataShard shard{make_table(all_types()), {}};
  for (Column& column : shard.table.columns) {
    for (std::size_t row = 0; row < rows; ++row) {
      if (random.below(3) == 0) {
        column.append_missing();
      } else if (column.type == ColumnType::kReal) {
        column.append_real(random.normal());
      } else if (column.type == ColumnType::kText) {
        TextAppender(column).append("level " + std::to_string(random.below(5)));
      } else {
        column.append_integer(static_cast<std::int64_t>(random.next_u64()));
      }
    }
  }
  for (std::size_t row = 0; row < rows; ++row) shard.records.push_back(2 * row + 1);
  return shard;
}

void expect_equal(const Column& a, const Column& b) {
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.integers, b.integers);
  EXPECT_EQ(a.reals, b.reals);
  EXPECT_EQ(a.codes, b.codes);
  EXPECT_EQ(a.dictionary, b.dictionary);
  EXPECT_EQ(a.valid, b.valid);
}

class DataShardOfSize : public testing::TestWithParam<std::size_t> {};

TEST_P(DataShardOfSize, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  const DataShard shard = random_shard(GetParam(), 7);
  write_data_shard(folder / "x.h5", shard, {{"source", "day-01.csv"}});
  const DataShard read = read_data_shard(folder / "x.h5");
  EXPECT_EQ(read.records, shard.records);
  EXPECT_EQ(read.table.schema, shard.table.schema);
  ASSERT_EQ(read.table.columns.size(), shard.table.columns.size());
  for (std::size_t i = 0; i < read.table.columns.size(); ++i) {
    expect_equal(read.table.columns[i], shard.table.columns[i]);
  }
}
INSTANTIATE_TEST_SUITE_P(Sizes, DataShardOfSize, testing::Values(0, 1, 7, 8, 9, 1003));

TEST(DataShard, EqualContentGivesEqualBytes) {
  const TemporaryFolder folder;
  const Json provenance{{"source", "day-01.csv"}, {"first_byte", 0}};
  write_data_shard(folder / "x.h5", random_shard(100, 1), provenance);
  write_data_shard(folder / "y.h5", random_shard(100, 1), provenance);
  write_data_shard(folder / "z.h5", random_shard(100, 2), provenance);
  EXPECT_TRUE(read_file(folder / "x.h5") == read_file(folder / "y.h5"));
  EXPECT_FALSE(read_file(folder / "x.h5") == read_file(folder / "z.h5"));
}

TEST(DataShard, KeepsSpecialReals) {
  const TemporaryFolder folder;
  DataShard shard{make_table(Schema({{"x", ColumnType::kReal}})), {0, 1, 2}};
  for (const double value : {-0.0, std::numeric_limits<double>::denorm_min(), std::nan("")}) {
    shard.table.columns[0].append_real(value);
  }
  write_data_shard(folder / "x.h5", shard, Json::object());
  const auto reals = read_data_shard(folder / "x.h5").table.columns[0].reals;
  EXPECT_TRUE(std::signbit(reals[0]));
  EXPECT_EQ(reals[1], std::numeric_limits<double>::denorm_min());
  EXPECT_TRUE(std::isnan(reals[2]));
}

TEST(DataShard, ReadsTheColumnsAskedForInTheirOrder) {
  const TemporaryFolder folder;
  const DataShard shard = random_shard(20, 3);
  write_data_shard(folder / "x.h5", shard, Json::object());
  const DataShard read = read_data_shard(folder / "x.h5", {"size", "yes/no"});
  EXPECT_EQ(read.table.schema.names(), (std::vector<std::string>{"size", "yes/no"}));
  expect_equal(read.table["yes/no"], shard.table["yes/no"]);
  EXPECT_EQ(read_data_shard(folder / "x.h5", {}).records, shard.records);
  EXPECT_THROW(read_data_shard(folder / "x.h5", {"sizes"}), Error);
}

TEST(DataShard, KeepsItsProvenance) {
  const TemporaryFolder folder;
  write_data_shard(folder / "x.h5", random_shard(1, 3), {{"source", "day-01.csv"}});
  const auto file = hdf5::File::open(folder / "x.h5");
  EXPECT_EQ(file.attribute("provenance"), R"({"source":"day-01.csv"})");
}

// Files that HDF5 finds whole, but whose parts do not fit each other.
struct Flaw {
  std::string says;
  std::vector<std::int32_t> codes;
  std::vector<std::uint8_t> validity;
  std::vector<std::uint64_t> offsets;
  Json header;
  int format = 2;
};

Json text_header(const std::string& kind) {
  return {{"kind", kind}, {"schema", Json::array({{{"name", "x"}, {"type", "text"}}})}};
}

void write_flawed(const std::string& path, const Flaw& flaw) {
  auto file = hdf5::File::create(path);
  write_header(file, flaw.header.at("kind"), flaw.format, flaw.header);
  file.write_checked<std::uint64_t>("records", std::vector<std::uint64_t>{0, 1});
  file.write_checked<std::int32_t>("columns/0000/values", flaw.codes);
  file.write_checked<std::uint8_t>("columns/0000/validity", flaw.validity);
  file.write_checked<std::uint8_t>("columns/0000/dictionary/bytes", std::vector<std::uint8_t>{'a', 'b'});
  file.write_checked<std::uint64_t>("columns/0000/dictionary/offsets", flaw.offsets);
  file.close();
}

TEST(DataShard, InconsistentFilesAreErrorsThatNameThem) {
  const TemporaryFolder folder;
  const Json header = text_header("data-shard");
  write_flawed(folder / "x.h5", {"", {0, 1}, {3}, {0, 1, 2}, header});
  EXPECT_EQ(read_data_shard(folder / "x.h5").table.columns[0].text(1), "b");
  const std::vector<Flaw> flaws{
      {"row 1 has code 2", {0, 2}, {3}, {0, 1, 2}, header},
      {"row 0 has code -1", {-1, 0}, {3}, {0, 1, 2}, header},
      {"1 values for 2 rows", {0}, {3}, {0, 1, 2}, header},
      {"validity bits", {0, 1}, {3, 0}, {0, 1, 2}, header},
      {"offsets do not fit", {0, 1}, {3}, {0, 2, 1}, header},
      {"offsets do not fit", {0, 1}, {3}, {0, 1, 3}, header},
      {"offsets do not fit", {0, 1}, {3}, {}, header},
      {"format 1, this Millrace reads format 2: run", {0, 1}, {3}, {0, 1, 2}, header, 1},
      {"is a feature-shard", {0, 1}, {3}, {0, 1, 2}, text_header("feature-shard")},
      {"'schema'", {0, 1}, {3}, {0, 1, 2}, {{"kind", "data-shard"}}},
  };
  for (const Flaw& flaw : flaws) {
    write_flawed(folder / "x.h5", flaw);
    try {
      read_data_shard(folder / "x.h5");
      ADD_FAILURE() << "no error: " << flaw.says;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource);
      EXPECT_NE(error.message().find(flaw.says), std::string::npos) << error.message();
      EXPECT_NE(error.message().find(folder / "x.h5"), std::string::npos) << error.message();
    }
  }
}

std::string damaged_as(const std::string& path) {
  try {
    (void)read_data_shard(path);
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kDamagedObject);
    return error.message();
  }
  return "";
}

// Whatever byte is altered, HDF5's own included: the values as they were, or an error with the path.
TEST(DataShard, NoAlteredByteGoesUnseen) {
  const TemporaryFolder folder;
  const DataShard shard = random_shard(40, 5);
  write_data_shard(folder / "x.h5", shard, {{"source", "day-01.csv"}});
  const std::string whole = read_file(folder / "x.h5");
  std::size_t found = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ (1 << at % 8));
    std::ofstream(folder / "x.h5", std::ios::binary) << altered;
    const std::string says = damaged_as(folder / "x.h5");
    if (!says.empty()) {
      ++found;
      EXPECT_NE(says.find("object '" + folder / "x.h5" + "' is damaged: "), std::string::npos) << says;
      continue;
    }
    const DataShard read = read_data_shard(folder / "x.h5");
    ASSERT_EQ(read.records, shard.records) << at;
    for (std::size_t i = 0; i < shard.table.columns.size(); ++i)
      expect_equal(read.table.columns[i], shard.table.columns[i]);
  }
  EXPECT_GT(found, whole.size() / 3) << "most of a file is looked at";
}

TEST(DataShard, ADamagedColumnIsNamedAndOthersReadOn) {
  const TemporaryFolder folder;
  write_data_shard(folder / "x.h5", random_shard(5000, 6), Json::object());
  const std::uint64_t offset =
      hdf5::File::open(folder / "x.h5").find_checked<double>("columns/0002/values").offset;
  std::string bytes = read_file(folder / "x.h5");
  bytes[offset + 20'000] = static_cast<char>(bytes[offset + 20'000] ^ 1);
  publish_file(folder / "x.h5", bytes);
  EXPECT_NE(damaged_as(folder / "x.h5").find("column 'size': bytes 16384 to 32767 of 'columns/0002/values'"),
            std::string::npos)
      << damaged_as(folder / "x.h5");
  EXPECT_EQ(read_data_shard(folder / "x.h5", {"count"}).records.size(), 5000U);
}

TEST(DataShard, AnyCutIsDamage) {
  const TemporaryFolder folder;
  write_data_shard(folder / "x.h5", random_shard(1000, 6), Json::object());
  const std::string whole = read_file(folder / "x.h5");
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 7) {
    publish_file(folder / "x.h5", std::string_view(whole).substr(0, size));
    EXPECT_NE(damaged_as(folder / "x.h5"), "") << size;
  }
}

// What the system refuses is not called damage: nobody shall delete an object for it.
TEST(DataShard, AReadThatFailsIsToldInTheSystemsWords) {
  struct FailingReads : FileOperations {
    long read_at(int fd, char* data, std::size_t size, std::uint64_t offset) override {
      if (left-- > 0) return FileOperations::read_at(fd, data, size, offset);
      errno = EIO;
      return -1;
    }
    int left = 0;
  };
  const TemporaryFolder folder;
  write_data_shard(folder / "x.h5", random_shard(1000, 6), Json::object());
  FailingReads failing;
  const ScopedFileOperations scope(failing);
  int whole = 0;
  for (int reads = 0; whole == 0; ++reads) {
    failing.left = reads;
    try {
      (void)read_data_shard(folder / "x.h5");
      whole = reads;
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kInputOutput);
    }
  }
  EXPECT_GT(whole, 15) << "each dataset and more";
}

}  // namespace
}  // namespace millrace
