// Inside packaging/onnx/: an ONNX model while it is put together. Operators of ai.onnx 13 and ai.onnx.ml 2
// only, which runtimes since the end of 2020 have.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace millrace {

// Why there can be no faithful graph: becomes OnnxModel::missing.
class Refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A value of the graph, by its name.
struct Tensor {
  std::string name;
};

using Shape = std::vector<std::int64_t>;

onnx::AttributeProto attribute(const std::string& name, std::int64_t value);
onnx::AttributeProto attribute(const std::string& name, std::span<const std::int64_t> values);
onnx::AttributeProto attribute(const std::string& name, std::span<const std::string> values);

class OnnxGraph {
 public:
  OnnxGraph();

  // One column: [N, 1]. All inputs must be there before anything else. Throws Refusal for a name that cannot
  // be.
  Tensor input(const std::string& name, onnx::TensorProto::DataType type, const std::string& words);
  // [N, columns], the value of a tensor of that type. Throws Refusal where an input has the name.
  void output(const std::string& name, onnx::TensorProto::DataType type, std::size_t columns,
              const Tensor& value, const std::string& words);

  // Constants and results of operators: `name` is made unique with primes where it is taken.
  Tensor constant(const std::string& name, std::span<const float> values, const Shape& shape);
  Tensor constant(const std::string& name, std::span<const double> values, const Shape& shape);
  Tensor constant(const std::string& name, std::span<const std::int64_t> values, const Shape& shape);
  Tensor constant(const std::string& name, std::span<const std::string> values, const Shape& shape);
  template <class T>
  Tensor scalar(const std::string& name, T value) {
    return constant(name, std::span<const T>(&value, 1), {});
  }
  Tensor apply(const std::string& op, const std::vector<Tensor>& operands, const std::string& name,
               std::vector<onnx::AttributeProto> attributes = {});
  Tensor cast(const Tensor& value, onnx::TensorProto::DataType to, const std::string& name);

  void describe(const std::string& key, const std::string& value);  // metadata

  // The model. Throws Refusal where it has more bytes than Protocol Buffers take.
  static constexpr std::size_t kMostBytes = std::numeric_limits<std::int32_t>::max();
  [[nodiscard]] std::string bytes(std::size_t limit = kMostBytes) const;

 private:
  std::string unique(std::string name);
  onnx::TensorProto& new_constant(const std::string& name, onnx::TensorProto::DataType type,
                                  const Shape& shape);
  template <class T>
  Tensor raw_constant(const std::string& name, onnx::TensorProto::DataType type, std::span<const T> values,
                      const Shape& shape);

  onnx::ModelProto model_;
  onnx::GraphProto& graph_;
  std::set<std::string> names_;
};

}  // namespace millrace
