#include "storage/data_view.hpp"

#include "storage/column_groups.hpp"
#include "storage/shard_header.hpp"

namespace millrace {

namespace {

constexpr int kDataViewFormat = 1;

std::vector<hdf5::Piece> pieces_of(const std::vector<ViewShard>& shards, const std::string& dataset,
                                   std::uint64_t rows_an_element) {
  std::vector<hdf5::Piece> pieces;
  for (const ViewShard& shard : shards)
    pieces.push_back({shard.path, dataset, (shard.rows + rows_an_element - 1) / rows_an_element});
  return pieces;
}

void write_column(hdf5::File& file, const std::string& group, ColumnType type,
                  const std::vector<ViewShard>& shards) {
  constexpr std::uint64_t kBits = 8;
  const auto values = pieces_of(shards, "/" + group + "/values", 1);
  if (type == ColumnType::kReal) {
    file.write_virtual<double>(group + "/values", values);
  } else if (type == ColumnType::kText) {
    file.write_virtual<std::int32_t>(group + "/values", values);
  } else {
    file.write_virtual<std::int64_t>(group + "/values", values);
  }
  file.write_virtual<std::uint8_t>(group + "/validity", pieces_of(shards, "/" + group + "/validity", kBits));
}

void write_shards(hdf5::File& file, const std::vector<ViewShard>& shards) {
  std::vector<std::uint64_t> rows;
  std::vector<std::uint64_t> first_records;
  for (const ViewShard& shard : shards) {
    file.link(fmt::format("shards/{:04}", rows.size()), shard.path, "/");
    rows.push_back(shard.rows);
    first_records.push_back(shard.first_record);
  }
  file.write<std::uint64_t>("shard_rows", rows);
  file.write<std::uint64_t>("shard_first_records", first_records);
}

}  // namespace

void write_data_view(const std::string& path, const Schema& schema, const std::vector<ViewShard>& shards,
                     const Json& provenance) {
  hdf5::File file = hdf5::File::create_view(path);
  write_header(file, "data-view", kDataViewFormat, {{"schema", schema}});
  file.set_attribute("provenance", canonical_json(provenance));
  file.write_virtual<std::uint64_t>("records", pieces_of(shards, "/records", 1));
  for (std::size_t i = 0; i < schema.size(); ++i) {
    write_column(file, column_group(i), schema[i].type, shards);
  }
  link_names(file, schema);
  write_shards(file, shards);
  file.close();
}

}  // namespace millrace
