#include "serving/rows.hpp"

#include "base/json_nesting.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "serving/json_text.hpp"

namespace millrace {

namespace {

Json parse_body(std::string_view body, std::size_t max_rows) {
  const std::size_t rows = check_json_nesting(body, "the request's body", Topic::kUsage);
  if (rows > max_rows) {
    throw usage_error("the request has {} rows; one request may have {}: split it", human_count(rows),
                      human_count(max_rows));
  }
  try {
    return Json::parse(body);
  } catch (const Json::exception& error) {
    throw usage_error("the request's body is no JSON: {}", error.what());
  }
}

// A single row may have a column "rows", but hardly one that holds a list.
bool holds_rows(const Json& body) {
  return body.is_object() && body.contains("rows") && body.at("rows").is_array();
}

Json rows_of(Json body) {
  if (holds_rows(body)) return std::move(body["rows"]);
  if (body.is_array()) return body;
  if (body.is_object()) return Json::array({std::move(body)});
  throw usage_error(R"(the request's body must be {{"rows": [{{"column": value, …}}, …]}})");
}

void append_binary(std::string& out, const ServedModel& model, std::span<const float> row) {
  out += R"({"probability":)";
  append_json_number(out, row[0]);
  out += R"(,"class":)";
  append_json_string(out, model.likeliest_class(row));
  out += '}';
}

void append_multiclass(std::string& out, const ServedModel& model, std::span<const float> row) {
  out += R"({"class":)";
  append_json_string(out, model.likeliest_class(row));
  out += R"(,"probabilities":{)";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, model.classes()[i]);
    out += ':';
    append_json_number(out, row[i]);
  }
  out += "}}";
}

void append_prediction(std::string& out, const ServedModel& model, std::span<const float> row) {
  switch (model.task()) {
    case Task::kBinary:
      return append_binary(out, model, row);
    case Task::kMulticlass:
      return append_multiclass(out, model, row);
    case Task::kRegression:
      out += R"({"value":)";
      append_json_number(out, row[0]);
      out += '}';
  }
}

}  // namespace

Table parse_rows_request(std::string_view body, const ServedModel& model, std::size_t max_rows) {
  return table_from_json_rows(rows_of(parse_body(body, max_rows)), model.inputs());
}

std::string rows_answer(const ServedModel& model, std::string_view name, std::span<const float> predictions) {
  std::string out = R"({"model":)";
  append_json_string(out, name);
  out += R"(,"version":)";
  append_json_string(out, model.version());
  out += R"(,"predictions":[)";
  for (std::size_t first = 0; first < predictions.size(); first += model.outputs()) {
    if (first > 0) out += ',';
    append_prediction(out, model, predictions.subspan(first, model.outputs()));
  }
  out += "]}";
  return out;
}

}  // namespace millrace
