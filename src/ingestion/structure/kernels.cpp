#include "ingestion/structure/kernels.hpp"

namespace millrace {

namespace {

std::vector<const StructureKernel*> find_kernels() {
  std::vector<const StructureKernel*> found;
#if defined(__x86_64__)
  const bool clmul = __builtin_cpu_supports("pclmul") != 0;
  if (clmul && __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi2") != 0) {
    found.push_back(&kAvx512Kernel);
  }
  if (clmul && __builtin_cpu_supports("avx2") != 0) found.push_back(&kAvx2Kernel);
#endif
  found.push_back(&kScalarKernel);
  return found;
}

}  // namespace

const std::vector<const StructureKernel*>& structure_kernels() {
  static const std::vector<const StructureKernel*> kFound = find_kernels();
  return kFound;
}

}  // namespace millrace
