// The sizes of a dense layer's matrix products, on any device.
#pragma once

#include <cstddef>

namespace millrace {

struct DenseShape {
  std::size_t rows = 0;  // of the batch
  std::size_t in = 0;
  std::size_t out = 0;
};

}  // namespace millrace
