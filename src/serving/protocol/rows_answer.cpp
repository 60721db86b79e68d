#include "serving/protocol/json_text.hpp"
#include "serving/protocol/rows.hpp"

namespace millrace {

namespace {

void append_binary(std::string& out, const ServedModel& model, std::span<const float> row) {
  out += R"("probability":)";
  append_json_number(out, row[0]);
  out += R"(,"class":)";
  append_json_string(out, model.likeliest_class(row));
}

void append_multiclass(std::string& out, const ServedModel& model, std::span<const float> row) {
  out += R"("class":)";
  append_json_string(out, model.likeliest_class(row));
  out += R"(,"probabilities":{)";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, model.classes()[i]);
    out += ':';
    append_json_number(out, row[i]);
  }
  out += '}';
}

void append_prediction(std::string& out, const ServedModel& model, std::span<const float> row) {
  switch (model.task()) {
    case Task::kBinary:
      return append_binary(out, model, row);
    case Task::kMulticlass:
      return append_multiclass(out, model, row);
    case Task::kRegression:
      out += R"("value":)";
      append_json_number(out, row[0]);
  }
}

void append_reasons(std::string& out, const ServedModel& model, const std::vector<Reason>& reasons) {
  out += R"(,"reasons":[)";
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    out += i > 0 ? R"(,{"column":)" : R"({"column":)";
    append_json_string(out, model.inputs()[reasons[i].column].name);
    out += R"(,"contribution":)";
    append_json_number(out, reasons[i].contribution);
    out += '}';
  }
  out += ']';
}

}  // namespace

void write_rows_answer(const RowsHead& head, const ServedModel& model, std::span<const float> predictions,
                       std::string& out) {
  out += R"({"model":)";
  append_json_string(out, head.name);
  out += R"(,"version":)";
  append_json_string(out, model.version());
  if (head.id) {
    out += R"(,"id":)";
    append_json_string(out, *head.id);
  }
  out += R"(,"predictions":[)";
  for (std::size_t row = 0; row * model.outputs() < predictions.size(); ++row) {
    out += row > 0 ? ",{" : "{";
    append_prediction(out, model, predictions.subspan(row * model.outputs(), model.outputs()));
    if (!head.reasons.empty()) append_reasons(out, model, head.reasons[row]);
    out += '}';
  }
  out += "]}";
}

}  // namespace millrace
