// libFuzzer's entry, under the name that it looks for.
#include <cstdint>

#include "fuzz/harness.hpp"

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  millrace::fuzzing::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
