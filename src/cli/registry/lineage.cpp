#include <map>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

// What a version was made of, the nearest first: {"kind", "name", "digest"}. Data that is gone is told so.
class Lineage {
 public:
  explicit Lineage(const Workspace& workspace) : workspace_(&workspace) {}

  Json of(const ModelVersion& version) {
    Json steps = Json::array();
    if (version.artifact) steps.push_back(step("artifact", "", version.artifact->hex()));
    const Json details = version.details();
    steps.push_back(step("run", details.value("run", ""), details.value("code_version", "")));
    const Json records = details.value("records", Json::object());
    for (const char* record : {"config", "environment"}) {
      if (records.contains(record)) steps.push_back(step(record, "", records[record]));
    }
    if (details.contains("search")) add_search(details["search"], records.value("search", ""), steps);
    steps.push_back(step("weights", "", details.value("weights", "")));
    steps.push_back(step("features", "", details.value("features", "")));
    const std::string dataset = details.value("dataset", "");
    steps.push_back(step("dataset", "", dataset));
    for (const Json& source : sources_of(dataset)) steps.push_back(source);
    return steps;
  }

 private:
  static Json step(const char* kind, const std::string& name, const std::string& digest) {
    return {{"kind", kind}, {"name", name}, {"digest", digest}};
  }

  static void add_search(const Json& search, const std::string& record, Json& steps) {
    const std::string name = search.value("name", "");
    steps.push_back(step("trial", fmt::format("{}/{}", name, search.value("trial", 0)), ""));
    steps.push_back(step("search", name, record));
  }

  // Versions share data: each dataset is read once.
  const Json& sources_of(const std::string& dataset) {
    const auto [entry, is_new] = sources_.try_emplace(dataset, Json::array());
    if (!is_new) return entry->second;
    const Digest digest = Digest::from_hex(dataset);
    if (!workspace_->has_object(digest)) {
      entry->second.push_back(step("source", "(the dataset is gone)", ""));
      return entry->second;
    }
    for (const SourceFile& source : read_dataset(*workspace_, digest).sources)
      entry->second.push_back(step("source", source.name, source.digest.hex()));
    return entry->second;
  }

  const Workspace* workspace_;
  std::map<std::string, Json> sources_;
};

void print_steps(const ModelVersion& version, const Json& steps) {
  fmt::print("{}  {}{}\n", version.name(), version.stage,
             version.aliases.empty() ? "" : ", " + join(version.aliases, ", "));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    fmt::print("{} {:<11} {:<12}  {}\n", i + 1 == steps.size() ? "└─" : "├─",
               steps[i]["kind"].get<std::string>(), steps[i]["digest"].get<std::string>().substr(0, 12),
               steps[i]["name"].get<std::string>());
  }
}

bool is_made_of(const Json& steps, const std::string& what) {
  constexpr std::size_t kFewestDigits = 6;
  for (const Json& step : steps) {
    if (step["name"] == what) return true;
    if (what.size() >= kFewestDigits && step["digest"].get<std::string>().starts_with(what)) return true;
  }
  return false;
}

// The other way: which versions this went into.
int print_descendants(const RegistryState& state, Lineage& lineage, const std::string& what, bool json) {
  Json document = Json::array();
  for (const ModelVersion& version : state.versions) {
    if (!is_made_of(lineage.of(version), what)) continue;
    document.push_back(version.name());
    if (!json) print_line(version);
  }
  if (json) fmt::print("{}", pretty_json(document));
  if (!json && document.empty()) fmt::print("no version was made of '{}'\n", what);
  return 0;
}

int run_registry_lineage(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                               //
      ("reference", po::value<std::string>(), "MODEL, MODEL/VERSION or MODEL@ALIAS")  //
      ("from", po::value<std::string>(),
       "the other way: versions made of this source, run, search, trial (SEARCH/NUMBER) or digest (6 digits "
       "or "
       "more)");
  const auto values = parse_options(self, arguments, options, {"reference"}, comm);
  if (!values) return 0;
  const RegistryState state = registry_of(*values).state();
  const Workspace workspace(workspace_of(*values));
  Lineage lineage(workspace);
  const bool json = values->count("json") > 0;
  const std::string from = text_of(*values, "from");
  if (!from.empty()) return print_descendants(state, lineage, from, json);
  const ModelVersion& version = referred(self, *values, state);
  const Json steps = lineage.of(version);
  if (json) return fmt::print("{}", pretty_json({{"version", version.name()}, {"made_of", steps}})), 0;
  print_steps(version, steps);
  return 0;
}

}  // namespace

Command registry_lineage_action() {
  return {"registry lineage",
          "MODEL[/VERSION|@ALIAS] | --from SOURCE|RUN|SEARCH|DIGEST [options]",
          "What a version was made of, or which versions something went into",
          "millrace registry lineage --from day-03.csv",
          false,
          run_registry_lineage};
}

}  // namespace millrace
