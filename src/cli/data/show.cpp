#include "base/text.hpp"
#include "cli/data/actions.hpp"
#include "versions/describe.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShownSources = 20;

void print_dataset_field(const char* name, const std::string& text) {
  fmt::print("{:<9} {}\n", name, text);
}

std::string names_text(const Json& names) {
  return join(names.get<std::vector<std::string>>(), ", ");
}

std::string values_text(const Json& column) {
  if (column.contains("mean")) {
    return fmt::format("{} … {}, mean {}, σ {}", value_text(column["min"]), value_text(column["max"]),
                       value_text(column["mean"]), value_text(column["deviation"]));
  }
  std::vector<std::string> frequent;
  const Json most_frequent = column.value("most_frequent", Json::array());
  for (const Json& level : most_frequent) {
    frequent.push_back(fmt::format("{} ({})", millrace::quoted(level[0].get<std::string>(), 20),
                                   human_count(level[1].get<std::uint64_t>())));
  }
  return join(frequent, ", ");
}

void print_column(const Json& column) {
  fmt::print("  {:<24} {:<10} {:>8} {:>12}  {}\n", column.value("name", ""), column.value("type", ""),
             percent_text(column["missing"]), count_text(column, "distinct"), values_text(column));
  const std::string note = column.value("note", "");
  if (!note.empty()) fmt::print("  {:<24} {}\n", "", note);
}

void print_sources_of_version(const Json& sources) {
  const char* title = "sources";
  for (std::size_t i = 0; i < std::min(sources.size(), kShownSources); ++i) {
    print_dataset_field(std::exchange(title, ""),
                        fmt::format("{:<40} {:>12} rows {:>10}", sources[i].value("name", ""),
                                    count_text(sources[i], "rows"), bytes_text(sources[i], "bytes")));
  }
  if (sources.size() > kShownSources)
    print_dataset_field("", fmt::format("and {} more", sources.size() - kShownSources));
}

// "cast 12, encoding 1"
std::string kinds_text(const Json& kinds) {
  std::vector<std::string> parts;
  for (const auto& [kind, count] : kinds.items())
    parts.push_back(kind + " " + human_count(count.get<std::uint64_t>()));
  return join(parts, ", ");
}

void print_rejects(const Json& rejects) {
  if (rejects["count"] == 0) return;
  const Json& first = rejects["samples"][0];
  print_dataset_field("rejects", kinds_text(rejects["kinds"]));
  print_dataset_field("", fmt::format("the first: {} line {}: {}", first.value("file", ""),
                                      first.value("line", 0), first.value("reason", "")));
  print_dataset_field("", "all in " + rejects.value("table", ""));
  if (!rejects.value("table_hdf5", "").empty()) print_dataset_field("HDF5", rejects.value("table_hdf5", ""));
}

void print_version(const Json& version) {
  print_dataset_field("version", version.value("version", ""));
  print_dataset_field("of", fmt::format("{}; branches: {}; tags: {}", version.value("dataset", ""),
                                        names_text(version["branches"]), names_text(version["tags"])));
  print_dataset_field("rows", fmt::format("{}, {} rejected, in {} shards, {}", count_text(version, "rows"),
                                          count_text(version, "rejected"), count_text(version, "shards"),
                                          bytes_text(version, "bytes")));
  print_sources_of_version(version["sources"]);
  print_rejects(version["rejects"]);
  print_dataset_field("manifest", version.value("manifest", ""));
  fmt::print("\n  {:<24} {:<10} {:>8} {:>12}  {}\n", "column", "type", "missing", "distinct", "values");
  for (const Json& column : version["columns"]) print_column(column);
}

int run_data_show(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()("version", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]");
  const auto values = parse_options(self, arguments, options, {"version"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  const NamedVersion named = find_version(workspace, required_value(self, *values, "version"));
  const Json version = describe_version(workspace, named);
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(version)), 0;
  print_version(version);
  return 0;
}

}  // namespace

Command data_show_action() {
  return {"data show",
          "VERSION [options]",
          "Columns, statistics, sources and rejects of a version",
          "millrace data show quickstart@main",
          false,
          run_data_show};
}

}  // namespace millrace
