// The kinds of tasks and activations: plain enough for device code, which must not see the rest of the model.
#pragma once

namespace millrace {

enum class Activation { kRelu, kGelu, kTanh };
enum class Task { kBinary, kMulticlass, kRegression };

}  // namespace millrace
