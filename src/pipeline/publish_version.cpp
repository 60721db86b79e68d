#include "pipeline/publish_version.hpp"

#include <filesystem>
#include <set>

#include "pipeline/dataset_reader.hpp"
#include "versions/history.hpp"

namespace millrace {

namespace {

std::set<Digest> shards_of(const Dataset& dataset) {
  std::set<Digest> shards;
  for (const ShardEntry& shard : dataset.shards) shards.insert(shard.object);
  return shards;
}

// None where there is no parent, or it is no longer kept.
std::set<Digest> shards_of_parent(const Workspace& workspace, const Digest& parent) {
  if (parent.empty() || !workspace.has_object(parent)) return {};
  return shards_of(DatasetReader(workspace, parent).dataset());
}

VersionFacts facts_of(const StageContext& context, const Dataset& dataset, const Digest& parent) {
  VersionFacts facts;
  facts.run = context.run;
  facts.rows = dataset.rows();
  facts.rejected = dataset.rejects.count;
  facts.sources = dataset.sources.size();
  for (const SourceFile& source : dataset.sources) facts.source_bytes += source.bytes;
  facts.shards = dataset.shards.size();
  const std::set<Digest> before = shards_of_parent(context.workspace, parent);
  for (const Digest& shard : shards_of(dataset)) {
    const auto bytes = std::filesystem::file_size(context.workspace.object_path(shard));
    facts.bytes += bytes;
    if (!before.contains(shard)) facts.new_bytes += bytes;
  }
  return facts;
}

std::string branch_of(const PipelineConfig& config) {
  return config.data.branch.empty() ? kMainBranch : config.data.branch;
}

void publish(const StageContext& context, const Digest& version) {
  const History history(context.workspace, context.config.name);
  const std::string branch = branch_of(context.config);
  if (history.state().head(branch) == version) return;
  const Dataset dataset = DatasetReader(context.workspace, version).dataset();
  history.publish(branch, version, [&](const Digest& parent) { return facts_of(context, dataset, parent); });
}

}  // namespace

void publish_version(const StageContext& context, const Digest& version) {
  context.comm.agree([&] {
    if (context.comm.is_root()) publish(context, version);
  });
}

}  // namespace millrace
