#include "packaging/onnx/graph.hpp"

#include <bit>

#include <fmt/core.h>

#include "base/text.hpp"

namespace millrace {

namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

constexpr std::int64_t kIrVersion = 7;  // of ONNX 1.8, as are the two below
constexpr std::int64_t kOpset = 13;
constexpr std::int64_t kMlOpset = 2;
constexpr const char* kMlDomain = "ai.onnx.ml";
constexpr const char* kProducerVersion =
    "1";  // of what export_onnx() makes; not the code's, which changes daily

void import_operators(onnx::ModelProto& model, const std::string& domain, std::int64_t version) {
  onnx::OperatorSetIdProto* set = model.add_opset_import();
  set->set_domain(domain);
  set->set_version(version);
}

void describe_value(onnx::ValueInfoProto& value, const std::string& name, onnx::TensorProto::DataType type,
                    std::size_t columns, const std::string& words) {
  value.set_name(name);
  value.set_doc_string(words);
  onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  tensor.mutable_shape()->add_dim()->set_dim_value(static_cast<std::int64_t>(columns));
}

onnx::AttributeProto empty_attribute(const std::string& name, onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto result;
  result.set_name(name);
  result.set_type(type);
  return result;
}

}  // namespace

onnx::AttributeProto attribute(const std::string& name, std::int64_t value) {
  onnx::AttributeProto result = empty_attribute(name, onnx::AttributeProto::INT);
  result.set_i(value);
  return result;
}

onnx::AttributeProto attribute(const std::string& name, std::span<const std::int64_t> values) {
  onnx::AttributeProto result = empty_attribute(name, onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) result.add_ints(value);
  return result;
}

onnx::AttributeProto attribute(const std::string& name, std::span<const std::string> values) {
  onnx::AttributeProto result = empty_attribute(name, onnx::AttributeProto::STRINGS);
  for (const std::string& value : values) result.add_strings(value);
  return result;
}

OnnxGraph::OnnxGraph() : graph_(*model_.mutable_graph()) {
  model_.set_ir_version(kIrVersion);
  model_.set_producer_name("millrace");
  model_.set_producer_version(kProducerVersion);
  import_operators(model_, "", kOpset);
  import_operators(model_, kMlDomain, kMlOpset);
  graph_.set_name("scorer");
}

Tensor OnnxGraph::input(const std::string& name, onnx::TensorProto::DataType type, const std::string& words) {
  if (name.empty()) throw Refusal("an input column has no name");
  describe_value(*graph_.add_input(), name, type, 1, words);
  return {unique(name)};
}

void OnnxGraph::output(const std::string& name, onnx::TensorProto::DataType type, std::size_t columns,
                       const Tensor& value, const std::string& words) {
  if (names_.contains(name))
    throw Refusal(fmt::format("the input column '{}' has the name of an output", name));
  describe_value(*graph_.add_output(), name, type, columns, words);
  onnx::NodeProto& node = *graph_.add_node();
  node.set_name(unique(name));
  node.set_op_type("Identity");
  node.add_input(value.name);
  node.add_output(name);
}

Tensor OnnxGraph::constant(const std::string& name, std::span<const float> values, const Shape& shape) {
  return raw_constant(name, onnx::TensorProto::FLOAT, values, shape);
}

Tensor OnnxGraph::constant(const std::string& name, std::span<const double> values, const Shape& shape) {
  return raw_constant(name, onnx::TensorProto::DOUBLE, values, shape);
}

Tensor OnnxGraph::constant(const std::string& name, std::span<const std::int64_t> values,
                           const Shape& shape) {
  return raw_constant(name, onnx::TensorProto::INT64, values, shape);
}

Tensor OnnxGraph::constant(const std::string& name, std::span<const std::string> values, const Shape& shape) {
  onnx::TensorProto& tensor = new_constant(name, onnx::TensorProto::STRING, shape);
  for (const std::string& value : values) tensor.add_string_data(value);
  return {tensor.name()};
}

Tensor OnnxGraph::apply(const std::string& op, const std::vector<Tensor>& operands, const std::string& name,
                        std::vector<onnx::AttributeProto> attributes) {
  const std::string result = unique(name);
  onnx::NodeProto& node = *graph_.add_node();
  node.set_name(result);
  node.set_op_type(op);
  if (op == "LabelEncoder") node.set_domain(kMlDomain);
  for (const Tensor& operand : operands) node.add_input(operand.name);
  node.add_output(result);
  for (onnx::AttributeProto& each : attributes) *node.add_attribute() = std::move(each);
  return {result};
}

Tensor OnnxGraph::cast(const Tensor& value, onnx::TensorProto::DataType to, const std::string& name) {
  return apply("Cast", {value}, name, {attribute("to", std::int64_t{to})});
}

void OnnxGraph::describe(const std::string& key, const std::string& value) {
  onnx::StringStringEntryProto* entry = model_.add_metadata_props();
  entry->set_key(key);
  entry->set_value(value);
}

std::string OnnxGraph::bytes(std::size_t limit) const {
  const std::size_t size = model_.ByteSizeLong();
  if (size > limit) {
    throw Refusal(fmt::format("the model would have {}; an ONNX file has at most {}",
                              human_bytes(static_cast<double>(size)),
                              human_bytes(static_cast<double>(limit))));
  }
  return model_.SerializeAsString();
}

std::string OnnxGraph::unique(std::string name) {
  while (!names_.insert(name).second) name += '\'';
  return name;
}

onnx::TensorProto& OnnxGraph::new_constant(const std::string& name, onnx::TensorProto::DataType type,
                                           const Shape& shape) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(unique(name));
  tensor.set_data_type(type);
  for (const std::int64_t size : shape) tensor.add_dims(size);
  return tensor;
}

template <class T>
Tensor OnnxGraph::raw_constant(const std::string& name, onnx::TensorProto::DataType type,
                               std::span<const T> values, const Shape& shape) {
  onnx::TensorProto& tensor = new_constant(name, type, shape);
  tensor.set_raw_data(values.data(), values.size_bytes());
  return {tensor.name()};
}

}  // namespace millrace
