#include "versions/stored.hpp"

#include <filesystem>
#include <set>

#include "base/topics.hpp"

namespace millrace {

Dataset read_dataset(const Workspace& workspace, const Digest& version) {
  if (!workspace.has_object(version)) {
    throw Error(
        Topic::kMissingObject,
        "version {} is not kept in the workspace '{}': 'millrace data gc' let it go, or it was never there",
        version.brief(), workspace.root());
  }
  return parse_document<Dataset>(workspace.get_object(version), "dataset " + version.brief());
}

std::string sound_object(const Workspace& workspace, const Digest& object) {
  std::string path = workspace.object_path(object);
  if (!workspace.has_object(object)) {
    throw Error(Topic::kMissingObject,
                "object {} is missing from workspace '{}'; the stage that made it has to run again",
                object.brief(), workspace.root());
  }
  if (digest_of_file(path) != object) throw damaged_object(path, "its bytes do not match its name");
  return path;
}

std::vector<Digest> distinct_shards(const Dataset& dataset) {
  std::vector<Digest> shards;
  std::set<Digest> seen;
  for (const ShardEntry& shard : dataset.shards) {
    if (seen.insert(shard.object).second) shards.push_back(shard.object);
  }
  return shards;
}

std::uint64_t stored_bytes(const Workspace& workspace, const std::vector<Digest>& objects) {
  std::uint64_t bytes = 0;
  for (const Digest& object : objects) {
    std::error_code error;
    const auto size = std::filesystem::file_size(workspace.object_path(object), error);
    if (!error) bytes += size;
  }
  return bytes;
}

std::vector<std::uint64_t> rows_by_source(const Dataset& dataset) {
  std::vector<std::uint64_t> rows(dataset.sources.size());
  for (const ShardEntry& shard : dataset.shards) rows.at(shard.source) += shard.rows;
  return rows;
}

}  // namespace millrace
