#include "versions/describe.hpp"

#include <algorithm>
#include <iterator>

#include "table/format.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

constexpr std::size_t kFrequentShown = 5;

// Names of branches or tags that mean the version.
std::vector<std::string> names_for(const std::map<std::string, Digest>& names, const Digest& version) {
  std::vector<std::string> found;
  for (const auto& [name, meant] : names) {
    if (meant == version) found.push_back(name);
  }
  return found;
}

void add_facts(Json& json, const VersionFacts* facts) {
  if (facts != nullptr) json.update(Json(*facts));
}

// Dates and timestamps are told as people write them, numbers as numbers.
Json value_of(double value, ColumnType type) {
  if (is_moment(type)) return format_number(value, type);
  return value;
}

void describe_numbers(Json& json, const ColumnProfile& profile) {
  const ColumnStatistics& statistics = profile.statistics;
  json["min"] = value_of(statistics.min, statistics.type);
  json["max"] = value_of(statistics.max, statistics.type);
  json["mean"] = value_of(statistics.mean, statistics.type);
  json["deviation"] = statistics.standard_deviation();
  for (std::size_t i = 0; i < profile.quantiles.size(); ++i) {
    json["quantiles"][format_real(kProfileQuantiles[i])] = value_of(profile.quantiles[i], statistics.type);
  }
}

Json describe_columns(const Dataset& dataset) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < dataset.schema.size(); ++i) {
    columns.push_back(
        describe_column(dataset.schema[i], dataset.profile.at(i), dataset.inference_notes.at(i)));
  }
  return columns;
}

Json describe_sources(const Dataset& dataset) {
  const std::vector<std::uint64_t> rows = rows_by_source(dataset);
  Json sources = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SourceFile& source = dataset.sources[i];
    sources.push_back(
        {{"name", source.name}, {"bytes", source.bytes}, {"sha256", source.digest.hex()}, {"rows", rows[i]}});
  }
  return sources;
}

Json describe_rejects(const Workspace& workspace, const RejectSummary& rejects) {
  const auto place_of = [&](const Digest& table) {
    return table.empty() ? "" : workspace.object_path(table);
  };
  return {{"count", rejects.count},
          {"kinds", rejects.kinds},
          {"samples", rejects.samples},
          {"table", place_of(rejects.table)},
          {"table_hdf5", place_of(rejects.table_hdf5)}};
}

}  // namespace

Json describe_history(const HistoryState& history) {
  Json branches = Json::array();
  for (const auto& [branch, version] : history.branches) {
    const BranchMove last = history.log(branch).back();
    Json json{{"branch", branch}, {"version", version.hex()}, {"time", last.time}};
    add_facts(json, history.facts_of(version));
    branches.push_back(json);
  }
  Json tags = Json::object();
  for (const auto& [tag, version] : history.tags) tags[tag] = version.hex();
  return {{"dataset", history.dataset},
          {"versions", history.versions().size()},
          {"branches", branches},
          {"tags", tags}};
}

Json describe_log(const Workspace& workspace, const HistoryState& history, const std::string& branch) {
  Json log = Json::array();
  for (const BranchMove& move : history.log(branch)) {
    Json json{{"version", move.version.hex()},
              {"parent", move.parent.hex()},
              {"branch", branch},
              {"time", move.time},
              {"user", move.user},
              {"tags", names_for(history.tags, move.version)},
              {"by_hand", !move.facts},
              {"kept", workspace.has_object(move.version)}};
    add_facts(json, move.facts ? &*move.facts : history.facts_of(move.version));
    log.push_back(json);
  }
  std::reverse(log.begin(), log.end());
  return log;
}

Json describe_version(const Workspace& workspace, const NamedVersion& named) {
  const HistoryState history = find_history(workspace, named.dataset);
  const Dataset dataset = read_dataset(workspace, named.version);
  return {{"dataset", named.dataset},
          {"version", named.version.hex()},
          {"branches", names_for(history.branches, named.version)},
          {"tags", names_for(history.tags, named.version)},
          {"rows", dataset.rows()},
          {"rejected", dataset.rejects.count},
          {"shards", dataset.shards.size()},
          {"bytes", stored_bytes(workspace, distinct_shards(dataset))},
          {"columns", describe_columns(dataset)},
          {"sources", describe_sources(dataset)},
          {"rejects", describe_rejects(workspace, dataset.rejects)},
          {"manifest", workspace.object_path(named.version)}};
}

Json describe_column(const Field& field, const ColumnProfile& profile, const std::string& note) {
  const ColumnStatistics& statistics = profile.statistics;
  Json json{{"name", field.name},
            {"type", to_string(field.type)},
            {"missing", statistics.missing_share()},
            {"distinct", statistics.distinct.count()},
            {"note", note}};
  if (statistics.present() == 0) return json;
  if (is_numeric(field.type)) {
    describe_numbers(json, profile);
  } else {
    json["most_frequent"] = statistics.distinct.most_frequent(kFrequentShown);
  }
  return json;
}

}  // namespace millrace
