// Request bodies for a served model, from rows as plain JSON objects {column: value}.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace millrace::load {

enum class Protocol : std::uint8_t {
  kPredict,  // {"rows": [{column: value, …}, …]}
  kInfer,    // Open Inference Protocol v2: a tensor a column
};
// "predict" or "infer"; throws kCommandLine for anything else.
Protocol parse_protocol(const std::string& name);

// Where requests of this kind go: "/v2/models/churn/predict".
std::string target_of(const std::string& model, Protocol protocol);

struct ModelInput {
  std::string name;
  std::string datatype;  // of the protocol: FP64, INT64, BOOL, BYTES
};
// From the model's metadata, which GET /v2/models/MODEL answers. Throws kDamagedFile for anything else.
std::vector<ModelInput> inputs_of(const std::string& metadata);

// `inputs` are used by kInfer alone, which needs every column: one that a row lacks is null. Throws
// kUnknownColumn for a column that is none of them.
std::string request_body(Protocol protocol, std::span<const Json> rows,
                         const std::vector<ModelInput>& inputs);

}  // namespace millrace::load
