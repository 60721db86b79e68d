// Which kernels this machine can run.
#pragma once

#include <vector>

#include "ingestion/structure/kernel.hpp"

namespace millrace {

// The fastest first, the scalar one last.
const std::vector<const StructureKernel*>& structure_kernels();

inline const StructureKernel& structure_kernel() {
  return *structure_kernels().front();
}

}  // namespace millrace
