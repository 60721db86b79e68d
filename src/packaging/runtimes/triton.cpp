// Triton's model repository. Grammar of config.pbtxt: Protocol Buffers' text format of inference.ModelConfig;
// docs/user_guide/model_configuration.md of triton-inference-server/server says what the fields mean.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "packaging/onnx/signature.hpp"
#include "packaging/runtimes/export.hpp"

namespace millrace {

namespace {

constexpr int kMaxBatch = 65536;  // rows; as many as millrace-serve takes in one request
constexpr const char* kLabels = "labels.txt";

Error refusal(const ExportSource& source, const std::string& reason) {
  return {Topic::kNotExportable, "{} cannot be exported for Triton: {}", source.name(), reason};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// ONNX Runtime's interface and with it the back end hand names on as C strings; the configuration's are
// UTF-8.
void check_tensor_name(const ExportSource& source, const std::string& name) {
  if (name.empty()) throw refusal(source, "an input has no name");
  if (name.find('\0') != std::string::npos)
    throw refusal(source, fmt::format("the name of input {} has a NUL in it", millrace::quoted(name)));
  if (!is_utf8(name))
    throw refusal(source, fmt::format("the name of input {} is no UTF-8", millrace::quoted(name)));
}

// As the text format wants strings: bytes that could end or change one as octal numbers.
std::string pbtxt_string(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string data_type(const ExportSource& source, const OnnxTensor& tensor) {
  if (tensor.type == "STRING") return "TYPE_STRING";
  if (tensor.type == "DOUBLE") return "TYPE_FP64";
  if (tensor.type == "FLOAT") return "TYPE_FP32";
  throw refusal(source, fmt::format("'{}' has the type {}", tensor.name, tensor.type));
}

// The first dimension is the batch, which Triton adds by itself.
std::string dimensions(const ExportSource& source, const OnnxTensor& tensor) {
  if (tensor.shape.size() < 2 || tensor.shape[0] != -1)
    throw refusal(source, fmt::format("'{}' does not take any number of rows", tensor.name));
  return fmt::format("[ {} ]", fmt::join(tensor.shape.begin() + 1, tensor.shape.end(), ", "));
}

std::string describe(const ExportSource& source, const OnnxTensor& tensor, const std::string& more = "") {
  check_tensor_name(source, tensor.name);
  return fmt::format("  {{\n    name: {}\n    data_type: {}\n    dims: {}\n{}  }}", pbtxt_string(tensor.name),
                     data_type(source, tensor), dimensions(source, tensor), more);
}

// What each column of the output with the probabilities is about.
std::vector<std::string> labels_of(const ExportSource& source) {
  if (source.task == "binary") return {source.classes.at(1)};
  return source.classes;
}

// A label a line: with one in it there can be no such file. Answers are the same without.
bool has_labels(const ExportSource& source) {
  const std::vector<std::string> labels = labels_of(source);
  for (const std::string& label : labels) {
    if (label.find_first_of("\r\n") == std::string::npos) continue;
    log_warning("no {} for Triton: the class {} has a line end in it", kLabels, millrace::quoted(label));
    return false;
  }
  return !labels.empty();
}

bool is_probability(const OnnxTensor& tensor) {
  return tensor.name == "probability" || tensor.name == "probabilities";
}

std::string configuration(const ExportSource& source, bool labelled) {
  const OnnxSignature signature = onnx_signature(source.onnx);
  std::vector<std::string> inputs;
  for (const OnnxTensor& tensor : signature.inputs) inputs.push_back(describe(source, tensor));
  std::vector<std::string> outputs;
  for (const OnnxTensor& tensor : signature.outputs) {
    const bool has_label = labelled && is_probability(tensor);
    const std::string label = has_label ? fmt::format("    label_filename: \"{}\"\n", kLabels) : "";
    outputs.push_back(describe(source, tensor, label));
  }
  return fmt::format(R"(# Raw columns in, predictions out. A missing text is "", any other missing value NaN.
name: {}
backend: "onnxruntime"
max_batch_size: {}
input [
{}
]
output [
{}
]
dynamic_batching {{ }}
instance_group [ {{ kind: KIND_CPU }} ]
)",
                     pbtxt_string(source.model), kMaxBatch, join(inputs, ",\n"), join(outputs, ",\n"));
}

}  // namespace

ExportedFiles triton_repository(const ExportSource& source) {
  if (source.onnx.empty()) throw refusal(source, "its artifact has no model.onnx: " + source.without_onnx);
  const bool labelled = has_labels(source);
  ExportedFiles files{{source.model + "/config.pbtxt", configuration(source, labelled)}};
  if (labelled) files.push_back({source.model + "/" + kLabels, join(labels_of(source), "\n") + "\n"});
  files.push_back({fmt::format("{}/{}/model.onnx", source.model, source.version), source.onnx});
  return files;
}

}  // namespace millrace
