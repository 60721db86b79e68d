// OpenBLAS picks its kernels by the processor's model number. A release that is older than the processor does
// not know the number and falls back to kernels of 2004 ("Prescott", SSE3), four times slower than what the
// machine can do. This asks the processor for its features instead.
#pragma once

#include <string>

namespace millrace {

// Makes OpenBLAS use kernels that fit the processor's features where it fell back. OPENBLAS_CORETYPE, where
// it is set, is left alone. Call before the first product and before threads are made.
void prefer_fast_blas_kernels();

// The kernels in use: "SkylakeX", "Haswell", ...
std::string blas_kernels();

}  // namespace millrace
