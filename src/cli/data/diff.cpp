#include "versions/diff.hpp"

#include "base/text.hpp"
#include "cli/data/actions.hpp"
#include "versions/reference.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

std::string signed_difference(const Json& pair) {
  const auto before = pair[0].get<std::int64_t>();
  const auto after = pair[1].get<std::int64_t>();
  const std::string size =
      human_count(static_cast<std::uint64_t>(after > before ? after - before : before - after));
  return (after < before ? "-" : "+") + size;
}

std::string pair_text(const Json& pair) {
  return fmt::format("{} → {} ({})", human_count(pair[0].get<std::uint64_t>()),
                     human_count(pair[1].get<std::uint64_t>()), signed_difference(pair));
}

void print_schema(const Json& schema) {
  for (const Json& field : schema["added"])
    fmt::print("  + column {} ({})\n", field.value("name", ""), field.value("type", ""));
  for (const Json& field : schema["removed"])
    fmt::print("  - column {} ({})\n", field.value("name", ""), field.value("type", ""));
  for (const Json& field : schema["retyped"]) {
    fmt::print("  ~ column {}: {} → {}\n", field.value("name", ""), field["types"][0].get<std::string>(),
               field["types"][1].get<std::string>());
  }
  if (schema.value("reordered", false)) fmt::print("  ~ the columns stand in another order\n");
}

void print_changed_sources(const Json& sources) {
  for (const Json& source : sources["added"])
    fmt::print("  + {:<40} {:>12} rows {:>10}\n", source.value("name", ""), count_text(source, "rows"),
               bytes_text(source, "bytes"));
  for (const Json& source : sources["removed"])
    fmt::print("  - {:<40} {:>12} rows {:>10}\n", source.value("name", ""), count_text(source, "rows"),
               bytes_text(source, "bytes"));
  for (const Json& source : sources["changed"])
    fmt::print("  ~ {:<40} {} rows\n", source.value("name", ""), pair_text(source["rows"]));
  fmt::print("    {} unchanged\n", count_text(sources, "unchanged"));
}

std::string levels_text(const char* sign, const Json& levels) {
  std::vector<std::string> shown;
  for (const Json& level : levels["examples"])
    shown.push_back(millrace::quoted(level[0].get<std::string>(), 20));
  if (levels["count"] > shown.size()) shown.emplace_back("…");
  return fmt::format("{}{} levels: {}", sign, count_text(levels, "count"), join(shown, ", "));
}

std::string change_text(const Json& column) {
  std::vector<std::string> parts;
  const auto add_pair = [&](const char* name, const Json& pair, auto text) {
    if (pair[0] != pair[1]) parts.push_back(fmt::format("{} {} → {}", name, text(pair[0]), text(pair[1])));
  };
  add_pair("missing", column["missing"], percent_text);
  if (column.contains("mean")) {
    add_pair("mean", column["mean"], value_text);
    add_pair("σ", column["deviation"], value_text);
    add_pair("median", column["quantiles"]["0.5"], value_text);
    add_pair("min", column["min"], value_text);
    add_pair("max", column["max"], value_text);
  }
  if (column.contains("new_levels") && column["new_levels"]["count"] != 0)
    parts.push_back(levels_text("+", column["new_levels"]));
  if (column.contains("vanished_levels") && column["vanished_levels"]["count"] != 0)
    parts.push_back(levels_text("-", column["vanished_levels"]));
  return join(parts, ", ");
}

void print_columns(const Json& columns) {
  std::size_t same = 0;
  for (const Json& column : columns) {
    const std::string change = change_text(column);
    const Json& psi = column["psi"];
    if (change.empty() && (psi.is_null() || psi == 0.0)) {
      ++same;
      continue;
    }
    fmt::print("  {:<24} psi {:<8} {}\n", column.value("name", ""),
               psi.is_null() ? "?" : fmt::format("{:.4f}", psi.get<double>()), change);
  }
  fmt::print("    {} unchanged\n", human_count(same));
}

void print_diff(const Json& diff) {
  fmt::print("{} → {}\n", brief_digest(diff["from"]), brief_digest(diff["to"]));
  fmt::print("rows {}, rejected {}\n", pair_text(diff["rows"]), pair_text(diff["rejected"]));
  const Json& shards = diff["shards"];
  fmt::print("shards: {} shared ({}), {} new ({}), {} gone ({})\n", count_text(shards, "shared"),
             bytes_text(shards, "shared_bytes"), count_text(shards, "new"), bytes_text(shards, "new_bytes"),
             count_text(shards, "gone"), bytes_text(shards, "gone_bytes"));
  fmt::print("schema:\n");
  print_schema(diff["schema"]);
  fmt::print("sources:\n");
  print_changed_sources(diff["sources"]);
  fmt::print("distributions, the most changed first:\n");
  print_columns(diff["columns"]);
}

// One version is compared with the one before it on its branch.
std::pair<std::string, std::string> versions_to_compare(const Command& self,
                                                        const po::variables_map& values) {
  const std::string first = required_value(self, values, "from");
  if (values.count("to") > 0) return {first, values["to"].as<std::string>()};
  const VersionName name = parse_version_name(first);
  return {fmt::format("{}~{}", first.substr(0, first.find('~')), name.back + 1), first};
}

int run_data_diff(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                     //
      ("from", po::value<std::string>(), "NAME[@BRANCH|@TAG|@DIGEST][~N]")  //
      ("to", po::value<std::string>(), "the same; without it, FROM is compared with the version before it");
  const auto values = parse_options(self, arguments, options, {"from", "to"}, comm);
  if (!values) return 0;
  const Workspace workspace(workspace_of(*values));
  const auto [from, to] = versions_to_compare(self, *values);
  const NamedVersion before = find_version(workspace, from);
  const NamedVersion after = find_version(workspace, to);
  Json diff = diff_datasets(workspace, read_dataset(workspace, before.version),
                            read_dataset(workspace, after.version));
  diff["from"] = before.version.hex();
  diff["to"] = after.version.hex();
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(diff)), 0;
  print_diff(diff);
  return 0;
}

}  // namespace

Command data_diff_action() {
  return {"data diff",
          "FROM [TO] [options]",
          "What has changed: rows, columns, files, distributions",
          "millrace data diff quickstart@release quickstart",
          false,
          run_data_diff};
}

}  // namespace millrace
