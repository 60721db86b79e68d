#include "training/cpu/blas_kernels.hpp"

#include <cstdlib>

#include <cblas.h>

// OpenBLAS's own start-up and its undoing: exported but not in its header, and absent from builds for one
// processor.
extern "C" {
void gotoblas_dynamic_init() __attribute__((weak));
void gotoblas_dynamic_quit() __attribute__((weak));
}

namespace millrace {

namespace {

constexpr const char* kSetting = "OPENBLAS_CORETYPE";
constexpr const char* kFallback = "Prescott";

// The newest kernels whose instructions this processor has; null where the fallback is as good.
const char* best_kernels() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0) {
    return "SkylakeX";
  }
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) return "Haswell";
#endif
  return nullptr;
}

}  // namespace

void prefer_fast_blas_kernels() {
  const char* best = best_kernels();
  if (std::getenv(kSetting) != nullptr || blas_kernels() != kFallback || best == nullptr) return;
  if (gotoblas_dynamic_init == nullptr || gotoblas_dynamic_quit == nullptr) return;
  ::setenv(kSetting, best, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  ::unsetenv(kSetting);
}

std::string blas_kernels() {
  return openblas_get_corename();
}

}  // namespace millrace
