#include <utility>

#include "serving/protocol/binary_values.hpp"
#include "serving/protocol/infer.hpp"
#include "serving/protocol/json_text.hpp"

namespace millrace {

namespace {

using Predictions = std::span<const float>;

std::size_t rows_of(const ServedModel& model, Predictions predictions) {
  return predictions.size() / model.outputs();
}

// take(class) for each row.
template <class Take>
void for_each_class(const ServedModel& model, Predictions values, Take take) {
  for (std::size_t first = 0; first < values.size(); first += model.outputs())
    take(model.likeliest_class(values.subspan(first, model.outputs())));
}

std::size_t binary_bytes(const OutputTensor& tensor, const ServedModel& model, Predictions values) {
  if (tensor.kind != OutputKind::kClass) return values.size_bytes();
  std::size_t bytes = 0;
  for_each_class(model, values,
                 [&](const std::string& name) { bytes += sizeof(std::uint32_t) + name.size(); });
  return bytes;
}

void append_numbers(std::string& out, Predictions values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_json_number(out, values[i]);
  }
}

void append_classes(std::string& out, const ServedModel& model, Predictions values) {
  bool first = true;
  for_each_class(model, values, [&](const std::string& name) {
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, name);
  });
}

void append_data(std::string& out, const OutputTensor& tensor, const ServedModel& model, Predictions values) {
  out += R"("data":[)";
  tensor.kind == OutputKind::kClass ? append_classes(out, model, values) : append_numbers(out, values);
  out += ']';
}

void append_output(std::string& out, const AskedOutput& asked, const ServedModel& model, Predictions values) {
  const OutputTensor& tensor = asked.tensor;
  out += R"({"name":")";
  out += tensor.name;
  out += R"(","datatype":")";
  out += tensor.datatype;
  out += R"(","shape":[)";
  append_json_number(out, std::uint64_t{rows_of(model, values)});
  if (tensor.kind == OutputKind::kProbabilities) {
    out += ',';
    append_json_number(out, std::uint64_t{model.outputs()});
  }
  out += "],";
  if (asked.binary) {
    out += R"("parameters":{"binary_data_size":)";
    append_json_number(out, std::uint64_t{binary_bytes(tensor, model, values)});
    out += '}';
  } else {
    append_data(out, tensor, model, values);
  }
  out += '}';
}

void append_head(std::string& out, const InferHead& head, const ServedModel& model) {
  out += R"({"model_name":)";
  append_json_string(out, head.name);
  out += R"(,"model_version":)";
  append_json_string(out, model.version());
  if (head.id) {
    out += R"(,"id":)";
    append_json_string(out, *head.id);
  }
  out += R"(,"outputs":[)";
}

void append_binary_output(std::string& out, const OutputTensor& tensor, const ServedModel& model,
                          Predictions values) {
  if (tensor.kind != OutputKind::kClass) return write_binary(values, out);
  for_each_class(model, values, [&](const std::string& name) { write_binary(name, out); });
}

}  // namespace

void write_infer_answer(const InferHead& head, const ServedModel& model, std::span<const float> predictions,
                        HttpResponse& response) {
  std::string& out = response.body;
  append_head(out, head, model);
  bool binary = false;
  for (std::size_t i = 0; i < head.outputs.size(); ++i) {
    if (i > 0) out += ',';
    append_output(out, head.outputs[i], model, predictions);
    binary = binary || head.outputs[i].binary;
  }
  out += "]}";
  if (!binary) return;
  response.content_type = "application/octet-stream";
  response.headers.emplace_back("Inference-Header-Content-Length", std::to_string(out.size()));
  for (const AskedOutput& asked : head.outputs) {
    if (asked.binary) append_binary_output(out, asked.tensor, model, predictions);
  }
}

}  // namespace millrace
