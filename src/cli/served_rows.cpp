#include "cli/served_rows.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/csv.hpp"

namespace millrace {

namespace {

bool is_csv(const std::string& path) {
  return path.ends_with(".csv") || path.ends_with(".csv.gz") || path.ends_with(".csv.zst");
}

ColumnType type_of(const std::string& datatype) {
  if (datatype == "BOOL") return ColumnType::kBoolean;
  if (datatype == "INT64") return ColumnType::kInteger;
  return datatype == "BYTES" ? ColumnType::kText : ColumnType::kReal;
}

Json value_of(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return nullptr;
  if (column.type == ColumnType::kText) return column.text(row);
  if (column.type == ColumnType::kReal) return column.reals[row];
  if (column.type == ColumnType::kBoolean) return column.integers[row] != 0;
  return column.integers[row];
}

std::vector<Json> csv_rows(const std::string& path, const std::vector<load::ModelInput>& inputs,
                           const po::variables_map& values) {
  std::vector<Field> fields;
  for (const auto& input : inputs) fields.push_back({input.name, type_of(input.datatype)});
  DataConfig config;
  if (values.count("missing") > 0) config.missing = values["missing"].as<std::vector<std::string>>();
  const Table table = read_csv_table(path, config, Schema(fields));
  std::vector<Json> rows(table.rows(), Json::object());
  for (std::size_t c = 0; c < fields.size(); ++c) {
    for (std::size_t r = 0; r < rows.size(); ++r) rows[r][fields[c].name] = value_of(table.columns[c], r);
  }
  return rows;
}

Json parse_rows(const std::string& text) {
  try {
    Json rows = Json::parse(text);
    return rows.is_array() ? rows : Json::array({rows});
  } catch (const Json::parse_error& error) {
    throw Error(Topic::kCommandLine, "the rows are no valid JSON: {}", error.what());
  }
}

std::vector<Json> json_rows(const std::string& text) {
  auto rows = parse_rows(text).get<std::vector<Json>>();
  const bool are_objects = std::ranges::all_of(rows, [](const Json& row) { return row.is_object(); });
  if (!rows.empty() && are_objects) return rows;
  throw Error(Topic::kCommandLine, "rows are a JSON object or a list of them, not {}", quoted(trim(text)));
}

std::string json_text(const std::string& row, const std::string& file) {
  if (!row.empty()) return row;
  if (!file.empty()) return read_file(file);
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

}  // namespace

po::options_description served_rows_options() {
  po::options_description options = workspace_options();
  options.add_options()                                                                           //
      ("model", po::value<std::string>(), "the model's name; also as the first argument")         //
      ("address", po::value<std::string>(), "HOST:PORT of the server (default: 127.0.0.1:8080)")  //
      ("endpoint", po::value<std::string>(),
       "instead: the server that has published its address in WORKSPACE/deploy/ENDPOINT/address")  //
      ("protocol", po::value<std::string>()->default_value("predict"),
       "predict (rows) or infer (tensors)")                                                         //
      ("rows-file", po::value<std::string>(), "a file with rows: JSON, or CSV with a header line")  //
      ("missing", po::value<std::vector<std::string>>()->composing(),
       "what stands for a missing value in a CSV file; repeatable")  //
      ("timeout", po::value<double>()->default_value(10), "seconds until an answer is given up");
  return options;
}

std::string server_address(const po::variables_map& values) {
  if (values.count("address") > 0 || values.count("endpoint") == 0) {
    return values.count("address") > 0 ? text_of(values, "address") : "127.0.0.1:8080";
  }
  const std::string path =
      fmt::format("{}/deploy/{}/address", workspace_of(values), text_of(values, "endpoint"));
  if (!path_exists(path)) {
    throw Error(Topic::kUnreachableServer,
                "no server of endpoint '{0}' has published its address: there is no {1}; start one (millrace "
                "serve {0}), or give --address",
                text_of(values, "endpoint"), path);
  }
  return std::string(trim(read_file(path)));
}

std::string model_name(const Command& self, const po::variables_map& values) {
  if (values.count("model") == 0 && values.count("endpoint") > 0) return text_of(values, "endpoint");
  return required_text(self, values, "model");
}

ServedRows read_served_rows(const po::variables_map& values, const std::string& row,
                            const std::string& address, const std::string& model) {
  const std::string file = text_of(values, "rows-file");
  ServedRows result;
  result.from_csv = row.empty() && is_csv(file);
  if (result.from_csv || load::parse_protocol(text_of(values, "protocol")) == load::Protocol::kInfer)
    result.inputs = load::fetch_inputs(address, model, values["timeout"].as<double>());
  result.rows = result.from_csv ? csv_rows(file, result.inputs, values) : json_rows(json_text(row, file));
  return result;
}

}  // namespace millrace
