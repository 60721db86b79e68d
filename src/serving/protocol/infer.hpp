// The infer call of the Open Inference Protocol v2: JSON, or JSON with binary tensors behind it (Triton's
// binary tensor data extension), → rows; predictions → the same. Internal to serving/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "net/http.hpp"
#include "serving/models/served_model.hpp"
#include "serving/protocol/tensors.hpp"

namespace millrace {

// A request as parsed, before it is known which version it goes to. Views of the request's body and of this
// thread's JSON document (protocol/json_document.hpp).
struct InferDocument {
  std::optional<std::string_view> id;
  std::string_view route_key;                  // "" for none
  std::uint64_t timeout_us = 0;                // 0 for none
  bool binary_output = false;                  // of outputs that do not say otherwise
  std::optional<simdjson::dom::array> inputs;  // none: the body is one raw tensor
  std::optional<simdjson::dom::array> outputs;
  std::string_view binary;  // what follows the JSON
};

// Throws kUsage with what is wrong and where.
InferDocument parse_infer(const HttpRequest& request);

// Fills memory.table, which has no rows. Throws kUsage with what is wrong and where.
void read_inputs(const InferDocument& document, const ServedModel& model, std::size_t max_rows,
                 ScoringMemory& memory);

struct AskedOutput {
  OutputTensor tensor;
  bool binary = false;
};
void read_outputs(const InferDocument& document, const ServedModel& model, std::vector<AskedOutput>& outputs);

// What the answer repeats of the request. `name` is the model's name as the client wrote it.
struct InferHead {
  std::string_view name;
  std::optional<std::string_view> id;
  std::span<const AskedOutput> outputs;
};
void write_infer_answer(const InferHead& head, const ServedModel& model, std::span<const float> predictions,
                        HttpResponse& response);

}  // namespace millrace
