// training.precision: how a matrix product's inputs are rounded. Sums are always made in fp32.
#pragma once

#include <string>

namespace millrace {

enum class Precision {
  kFp32,
  kTf32,  // inputs rounded to 11 significant bits by the tensor cores
  kBf16,  // inputs stored with 8 significant bits
};

Precision parse_precision(const std::string& name);  // throws kUsage

}  // namespace millrace
