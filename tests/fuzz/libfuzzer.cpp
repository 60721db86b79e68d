// libFuzzer's entry.
#include <cstdint>

#include "fuzz/harness.hpp"

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {  // NOLINT(readability-identifier-naming)
  millrace::fuzzing::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
