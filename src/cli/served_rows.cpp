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
  throw Error(Topic::kCommandLine, "rows are a JSON object or a list of them, not {}",
              millrace::quoted(trim(text)));
}

std::vector<load::ModelInput> inputs_of(AskedServer& server, const std::string& model) {
  const HttpAnswer answer = server.get("/v2/models/" + model);
  if (answer.status != 200)
    throw Error(Topic::kRefusedRequest, "HTTP {}: {}", answer.status, trim(answer.body));
  return load::inputs_of(answer.body);
}

std::string json_text(const std::string& row, const std::string& file) {
  if (!row.empty()) return row;
  if (!file.empty()) return read_file(file);
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

}  // namespace

po::options_description served_rows_options() {
  po::options_description options = workspace_options();
  options.add_options()                                                                    //
      ("model", po::value<std::string>(), "the model's name; also as the first argument")  //
      ("protocol", po::value<std::string>()->default_value("predict"),
       "predict (rows) or infer (tensors)")                                                         //
      ("rows-file", po::value<std::string>(), "a file with rows: JSON, or CSV with a header line")  //
      ("missing", po::value<std::vector<std::string>>()->composing(),
       "what stands for a missing value in a CSV file; repeatable");
  add_asking_options(options);
  return options;
}

std::string model_name(const Command& self, const po::variables_map& values) {
  if (values.count("model") == 0 && values.count("endpoint") > 0) return text_of(values, "endpoint");
  return required_text(self, values, "model");
}

ServedRows read_served_rows(const po::variables_map& values, const std::string& row, AskedServer& server,
                            const std::string& model) {
  const std::string file = text_of(values, "rows-file");
  ServedRows result;
  result.from_csv = row.empty() && is_csv(file);
  if (result.from_csv || load::parse_protocol(text_of(values, "protocol")) == load::Protocol::kInfer)
    result.inputs = inputs_of(server, model);
  result.rows = result.from_csv ? csv_rows(file, result.inputs, values) : json_rows(json_text(row, file));
  return result;
}

}  // namespace millrace
