// Ingestion: source files → typed shards, a reject table and the dataset's manifest. docs/ingestion.md has
// the rules.
#pragma once

#include <string>
#include <vector>

#include "base/events.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/sources.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct IngestResult {
  Dataset dataset;
  Digest version;              // of the manifest object
  std::size_t kept_files = 0;  // of which nothing was read (kept_files.hpp)
};

// Collective; dataset and version are identical on all ranks, for any number of ranks, and whatever was kept
// of earlier ingestions. Throws kDataRejected where
// more records are rejected than data.max_rejected_share allows, with the first few; where the source holds
// no row; for headers that differ and quotes that are never closed; kUsage for configured columns that do not
// exist.
IngestResult ingest(const Communicator& comm, const DataConfig& config, const std::string& name,
                    Sources& sources, const Workspace& workspace, Events& events);

// data.threads, or as many as this rank has cores for. Collective.
inline std::size_t threads_of_rank(const Communicator& comm, const DataConfig& config) {
  return config.threads > 0 ? config.threads : comm.cores_for_each();
}

// Which rank reads shard i of a dataset, everywhere after ingestion.
inline bool owns_shard(const Communicator& comm, std::size_t shard) {
  return shard % static_cast<std::size_t>(comm.size()) == static_cast<std::size_t>(comm.rank());
}

// The numbers of a rank's shards, of so many.
inline std::vector<std::size_t> owned_shards(const Communicator& comm, std::size_t shards) {
  std::vector<std::size_t> owned;
  for (std::size_t i = 0; i < shards; ++i) {
    if (owns_shard(comm, i)) owned.push_back(i);
  }
  return owned;
}

}  // namespace millrace
