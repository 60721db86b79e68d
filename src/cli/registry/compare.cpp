#include "registry/compare.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

std::string shown(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(const std::vector<const ModelVersion*>& versions, const std::vector<ComparedField>& fields) {
  Rows rows(1, {"field"});
  for (const ModelVersion* version : versions) rows[0].push_back(version->name());
  for (const ComparedField& field : fields) {
    rows.push_back({field.name});
    for (const Json& value : field.values) rows.back().push_back(shown(value));
  }
  return rows;
}

void print_csv(const Rows& rows) {
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) fmt::print("{}{}", i == 0 ? "" : ",", csv_quoted(row[i]));
    fmt::print("\n");
  }
}

void print_table(const Rows& rows) {
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      fmt::print("{}{:<{}}", i == 0 ? "" : "  ", row[i], widths[i]);
    fmt::print("\n");
  }
}

Json document_of(const std::vector<const ModelVersion*>& versions, const std::vector<ComparedField>& fields) {
  Json document{{"versions", Json::array()}, {"fields", Json::object()}};
  for (const ModelVersion* version : versions) document["versions"].push_back(version->name());
  for (const ComparedField& field : fields) document["fields"][field.name] = field.values;
  return document;
}

int run_registry_compare(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                              //
      ("references", po::value<std::vector<std::string>>(), "two versions or more")  //
      ("all", "also what is the same")                                               //
      ("csv", "as CSV");
  const auto values =
      parse_options(self, arguments, options, {std::string("references") + kAllFurther}, comm);
  if (!values) return 0;
  const Registry registry = registry_of(*values);
  const RegistryState& state = registry.state();
  std::vector<const ModelVersion*> versions;
  if (values->count("references") > 0) {
    for (const std::string& reference : (*values)["references"].as<std::vector<std::string>>())
      versions.push_back(&state.resolve(reference));
  }
  if (versions.size() < 2)
    throw Error(Topic::kCommandLine, "which versions? millrace {} {}", self.name, self.arguments);
  std::vector<ComparedField> fields = compare(versions, Records(registry.folder()));
  if (values->count("all") == 0)
    std::erase_if(fields, [](const ComparedField& field) { return !field.differs(); });
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(document_of(versions, fields))), 0;
  values->count("csv") > 0 ? print_csv(rows_of(versions, fields)) : print_table(rows_of(versions, fields));
  return 0;
}

}  // namespace

Command registry_compare_action() {
  return {"registry compare",
          "VERSION VERSION... [--all] [--csv | --json] [options]",
          "Parameters, metrics, data and environment of versions, side by side",
          "millrace registry compare churn/6 churn@champion",
          false,
          run_registry_compare};
}

}  // namespace millrace
