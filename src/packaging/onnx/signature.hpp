// What an ONNX graph takes and gives, as it says itself: what other runtimes hold their settings against.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace {

struct OnnxTensor {
  std::string name;
  std::string type;                 // as ONNX calls it: "STRING", "DOUBLE", "FLOAT"
  std::vector<std::int64_t> shape;  // -1: as many as there are
};

struct OnnxSignature {
  std::vector<OnnxTensor> inputs;
  std::vector<OnnxTensor> outputs;
};

// Of a model's bytes. Throws kResource where they are none.
OnnxSignature onnx_signature(const std::string& bytes);

}  // namespace millrace
