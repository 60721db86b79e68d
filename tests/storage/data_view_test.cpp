// What a view holds of its own; h5py reads its rows in tests/interoperability/views.
#include "storage/data_view.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "storage/hdf5.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

const Schema kSchema({{"age", ColumnType::kInteger}, {"a/b", ColumnType::kReal}, {".", ColumnType::kText}});

std::string written(const std::string& path, const std::vector<ViewShard>& shards) {
  write_data_view(path, kSchema, shards, {{"dataset", "churn"}});
  return read_file(path);
}

TEST(DataView, SaysWhatItShowsAndHoldsNoRows) {
  const testing_support::TemporaryFolder folder;
  const std::vector<ViewShard> shards{
      {"one.h5", 1000000, 0}, {"two.h5", 0, 1000001}, {"three.h5", 9, 1000002}};
  EXPECT_LT(written(folder / "view.h5", shards).size(), 100000U);
  const hdf5::File view = hdf5::File::open(folder / "view.h5");
  const Json header = parse_json(view.attribute("millrace"), "header");
  EXPECT_EQ(header["kind"], "data-view");
  EXPECT_EQ(header["schema"].get<Schema>(), kSchema);
  EXPECT_EQ(view.read<std::uint64_t>("shard_rows"), (std::vector<std::uint64_t>{1000000, 0, 9}));
  EXPECT_EQ(view.read<std::uint64_t>("shard_first_records"),
            (std::vector<std::uint64_t>{0, 1000001, 1000002}));
  EXPECT_EQ(view.shape("columns/0001/values"), std::vector<std::uint64_t>{1000009});
  EXPECT_EQ(view.shape("names/age/validity"), std::vector<std::uint64_t>{125000 + 2});
  EXPECT_FALSE(view.contains("names/a"));
}

TEST(DataView, HasEqualBytesForEqualContent) {
  const testing_support::TemporaryFolder folder;
  const std::vector<ViewShard> shards{{"one.h5", 7, 0}, {"two.h5", 8, 7}};
  EXPECT_EQ(written(folder / "a.h5", shards), written(folder / "b.h5", shards));
}

TEST(DataView, OfNoShardsIsEmpty) {
  const testing_support::TemporaryFolder folder;
  written(folder / "view.h5", {});
  EXPECT_EQ(hdf5::File::open(folder / "view.h5").shape("columns/0000/values"), std::vector<std::uint64_t>{0});
}

TEST(DataView, APlaceThatCannotBeWrittenIsAnError) {
  const testing_support::TemporaryFolder folder;
  EXPECT_THROW(written(folder / "no/such/folder.h5", {}), Error);
}

}  // namespace
}  // namespace millrace
