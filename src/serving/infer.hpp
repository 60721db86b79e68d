// The infer call of the Open Inference Protocol v2: JSON → rows, predictions → JSON. Internal to serving/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "serving/served_model.hpp"
#include "serving/tensors.hpp"
#include "table/column.hpp"

namespace millrace {

struct InferRequest {
  std::optional<std::string> id;  // echoed
  std::vector<OutputTensor> outputs;
  Table table;
};

// Throws kUsage with what is wrong and where.
InferRequest parse_infer_request(std::string_view body, const ServedModel& model, std::size_t max_rows);

// `name` is the model's name as the client wrote it.
std::string infer_answer(const InferRequest& request, const ServedModel& model, std::string_view name,
                         std::span<const float> predictions);

}  // namespace millrace
