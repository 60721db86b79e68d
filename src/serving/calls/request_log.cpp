#include "serving/calls/request_log.hpp"

#include <algorithm>
#include <utility>

#include "base/time.hpp"
#include "serving/protocol/json_text.hpp"

namespace millrace {

namespace {

void append_member(std::string& out, const char* name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  append_json_string(out, text);
}

void append_logged_prediction(std::string& out, const ServedModel& model, std::span<const float> row) {
  out += R"(,"prediction":)";
  if (model.task() == Task::kMulticlass) {
    append_json_number(out, *std::ranges::max_element(row));
  } else {
    append_json_number(out, row[0]);
  }
  if (model.task() != Task::kRegression) append_member(out, "class", model.likeliest_class(row));
}

}  // namespace

RequestLog::RequestLog(Sink sink, double share, std::vector<std::string> exclude)
    : sink_(std::move(sink)), share_(share), exclude_(std::move(exclude)) {}

void RequestLog::add(const Call& call) const {
  if (static_cast<double>(route_bucket(call.id)) >= share_ * kRouteBuckets) return;
  thread_local std::string line;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    line.clear();
    append_row(line, call, row);
    sink_(line);
  }
}

bool RequestLog::is_excluded(const std::string& column) const {
  return std::ranges::find(exclude_, column) != exclude_.end();
}

void RequestLog::append_row(std::string& out, const Call& call, std::size_t row) const {
  const ServedModel& model = *call.arm->model;
  const ScoringMemory& memory = **call.memory;
  out += R"({"time":)";
  append_json_string(out, now_rfc3339());
  append_member(out, "id", call.id);
  append_member(out, "key", call.route_key);
  append_member(out, "model", model.name());
  out += R"(,"version":)";
  append_json_number(out, model.number());
  append_member(out, "arm", to_string(call.arm->kind));
  out += R"(,"row":)";
  append_json_number(out, std::uint64_t{row});
  append_inputs(out, memory.table, row);
  append_logged_prediction(out, model,
                           std::span(memory.predictions).subspan(row * model.outputs(), model.outputs()));
  out += '}';
}

// What is missing is left out.
void RequestLog::append_inputs(std::string& out, const Table& table, std::size_t row) const {
  out += R"(,"inputs":{)";
  bool first = true;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string& name = table.schema[c].name;
    if (!table.columns[c].is_valid(row) || is_excluded(name)) continue;
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_value(out, table.columns[c], row);
  }
  out += '}';
}

}  // namespace millrace
