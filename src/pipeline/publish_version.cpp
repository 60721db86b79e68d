#include "pipeline/publish_version.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/rejects.hpp"
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

std::vector<std::string> variables(const StageContext& context, const Digest& version,
                                   const std::string& branch, const Digest& parent) {
  return {"MILLRACE_MANIFEST=" + context.workspace.object_path(version),
          "MILLRACE_WORKSPACE=" + context.workspace.root(),
          "MILLRACE_DATASET=" + context.config.name,
          "MILLRACE_VERSION=" + version.hex(),
          "MILLRACE_BRANCH=" + branch,
          "MILLRACE_PARENT=" + parent.hex(),
          "MILLRACE_RUN=" + context.run};
}

void check_before_publishing(const StageContext& context, const Digest& version, const std::string& branch,
                             const Digest& parent) {
  const DataConfig& config = context.config.data;
  std::vector<std::string> words = config.publish_check;
  words.push_back(context.workspace.object_path(version));
  const std::string log = context.run_folder + "/publish-check.log";
  const int code =
      run_child(words, {log, log}, config.publish_check_seconds, variables(context, version, branch, parent));
  if (code == 0) return;
  if (stop_requested())
    throw Error(Topic::kStopped, "stopped while data.publish_check ran; run again to go on");
  const std::string words_said = last_words(log);
  throw Error(Topic::kPublishRefused,
              "data.publish_check '{}' refused version {} of '{}' ({}): {}; branch '{}' stays as it was",
              words[0], version.brief(), context.config.name,
              how_it_ended(code, config.publish_check_seconds),
              words_said.empty() ? "it said nothing" : printable(words_said, words_said.size()), branch);
}

void publish(const StageContext& context, const Digest& version) {
  const History history(context.workspace, context.config.name);
  const std::string branch = branch_of(context.config);
  const std::optional<Digest> head = history.state().head(branch);
  if (head != version && !context.config.data.publish_check.empty())
    check_before_publishing(context, version, branch, head.value_or(Digest()));
  // Also where the branch means the version already: it removes what a killed run has left in the history.
  history.publish(branch, version, [&](const Digest& parent) {
    return facts_of(context, DatasetReader(context.workspace, version).dataset(), parent);
  });
}

}  // namespace

void publish_version(const StageContext& context, const Digest& version) {
  context.comm.agree([&] {
    if (context.comm.is_root()) publish(context, version);
  });
}

}  // namespace millrace
