// How a model's columns and predictions appear as tensors of the Open Inference Protocol v2. Internal to
// serving/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "model/network.hpp"
#include "serving/models/served_model.hpp"
#include "table/schema.hpp"

namespace millrace {

// BOOL, INT64, FP64; text, dates and timestamps are BYTES, written as in data files.
const char* datatype_of(ColumnType type);
// Whether a client may say `datatype` for such a column: any type of number will do for numbers.
bool accepts_datatype(ColumnType type, std::string_view datatype);

enum class OutputKind {
  kProbability,    // binary: of the positive class
  kProbabilities,  // multiclass: rows × classes
  kClass,          // multiclass: the likeliest class
  kValue,          // regression
};
struct OutputTensor {
  OutputKind kind;
  const char* name;
  const char* datatype;
};
const std::vector<OutputTensor>& outputs_of(Task task);

// The answer to GET /v2/models/{name}. `versions`: all that may be asked for.
std::string model_metadata(const ServedModel& model, std::string_view name,
                           const std::vector<std::string>& versions);

}  // namespace millrace
