#include "validation/new_rows.hpp"

#include <set>

#include "ingestion/dataset_profile.hpp"
#include "ingestion/profile.hpp"

namespace millrace {

namespace {

Dataset without_sources(const Dataset& dataset, const std::set<std::string>& known) {
  Dataset rest = dataset;
  rest.sources.clear();
  rest.shards.clear();
  for (std::uint32_t i = 0; i < dataset.sources.size(); ++i) {
    if (known.contains(dataset.sources[i].digest.hex())) continue;
    for (ShardEntry shard : dataset.shards) {
      if (shard.source != i) continue;
      shard.source = static_cast<std::uint32_t>(rest.sources.size());
      rest.shards.push_back(shard);
    }
    rest.sources.push_back(dataset.sources[i]);
  }
  return rest;
}

std::vector<ColumnProfile> profile_of(const Communicator& comm, const Dataset& dataset,
                                      const Workspace& workspace) {
  const ShardSource source = [&](std::size_t shard) {
    return read_data_shard(workspace.object_path(dataset.shards[shard].object));
  };
  const auto by_name = column_statistics(comm, dataset.shards.size(), dataset.schema, source);
  std::vector<ColumnStatistics> statistics;
  for (const Field& field : dataset.schema) statistics.push_back(by_name.at(field.name));
  return profile_dataset(comm, dataset, std::move(statistics), workspace, false).columns;
}

}  // namespace

NewRows new_rows(const Communicator& comm, const Dataset& dataset, const Dataset& earlier,
                 const Workspace& workspace) {
  std::set<std::string> known;
  for (const SourceFile& source : earlier.sources) known.insert(source.digest.hex());
  Dataset rest = without_sources(dataset, known);
  if (rest.rows() == 0 || rest.sources.size() == dataset.sources.size()) return {dataset, false};
  rest.profile = profile_of(comm, rest, workspace);
  return {std::move(rest), true};
}

}  // namespace millrace
