#include "packaging/onnx/signature.hpp"

#include <onnx/onnx_pb.h>

#include "base/topics.hpp"

namespace millrace {

namespace {

using Values = google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>;

std::vector<OnnxTensor> tensors_of(const Values& values) {
  std::vector<OnnxTensor> tensors;
  for (const onnx::ValueInfoProto& value : values) {
    const onnx::TypeProto::Tensor& type = value.type().tensor_type();
    OnnxTensor& tensor = tensors.emplace_back();
    tensor.name = value.name();
    tensor.type = onnx::TensorProto::DataType_Name(type.elem_type());
    for (const auto& dimension : type.shape().dim())
      tensor.shape.push_back(dimension.has_dim_value() ? dimension.dim_value() : -1);
  }
  return tensors;
}

}  // namespace

OnnxSignature onnx_signature(const std::string& bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes)) throw Error(Topic::kDamagedArtifact, "model.onnx is no ONNX model");
  return {tensors_of(model.graph().input()), tensors_of(model.graph().output())};
}

}  // namespace millrace
