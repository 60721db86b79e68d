#include "pipeline/dataset_reader.hpp"

#include <algorithm>

namespace millrace {

DatasetReader::DatasetReader(const Workspace& workspace, const Digest& version)
    : workspace_(workspace),
      dataset_(parse_document<Dataset>(workspace.get_object(version), "dataset " + version.brief())),
      first_records_(dataset_.first_records()) {}

DataShard DatasetReader::read(std::size_t shard, const std::vector<std::string>& columns) const {
  const ShardEntry& entry = dataset_.shards.at(shard);
  const std::string path = workspace_.object_path(entry.object);
  DataShard data = read_data_shard(path, columns);
  if (data.records.size() != entry.rows) {
    throw damaged_object(
        path, fmt::format("it has {} rows, where the dataset says {}", data.records.size(), entry.rows));
  }
  return data;
}

DataShard DatasetReader::read(std::size_t shard) const {
  return read(shard, dataset_.schema.names());
}

std::vector<std::uint64_t> DatasetReader::row_indices(std::size_t shard, const DataShard& data) const {
  std::vector<std::uint64_t> indices = data.records;
  for (std::uint64_t& index : indices) index += first_records_.at(shard);
  return indices;
}

bool has_dataset(const Workspace& workspace, const Digest& version) {
  if (!workspace.has_object(version)) return false;
  const DatasetReader reader(workspace, version);
  return std::ranges::all_of(reader.dataset().shards,
                             [&](const ShardEntry& shard) { return workspace.has_object(shard.object); });
}

}  // namespace millrace
