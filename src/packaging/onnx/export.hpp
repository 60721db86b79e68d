// The model in ONNX, with all that is done to the columns before the network inside the graph: any runtime
// that knows ONNX scores raw rows with it. docs/formats.md, "model.onnx", has its inputs and outputs.
#pragma once

#include "model/scorer.hpp"
#include "packaging/artifact.hpp"

namespace millrace {

// A function of the scorer alone: equal ones give equal bytes. What ONNX cannot express faithfully gives no
// graph but the reason, never one that answers something else. Thread-safe.
OnnxModel export_onnx(const Scorer& scorer);

}  // namespace millrace
