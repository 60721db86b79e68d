#include "pipeline/dataset_reader.hpp"

namespace millrace {

DatasetReader::DatasetReader(const Workspace& workspace, const Digest& version)
    : workspace_(workspace),
      dataset_(parse_document<Dataset>(workspace.get_object(version), "dataset " + version.brief())),
      first_records_(dataset_.first_records()) {}

DataShard DatasetReader::read(std::size_t shard, const std::vector<std::string>& columns) const {
  return read_data_shard(workspace_.object_path(dataset_.shards.at(shard).object), columns);
}

DataShard DatasetReader::read(std::size_t shard) const {
  return read(shard, dataset_.schema.names());
}

std::vector<std::uint64_t> DatasetReader::row_indices(std::size_t shard, const DataShard& data) const {
  std::vector<std::uint64_t> indices = data.records;
  for (std::uint64_t& index : indices) index += first_records_.at(shard);
  return indices;
}

}  // namespace millrace
