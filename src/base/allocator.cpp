#include "base/allocator.hpp"

#include <malloc.h>

namespace millrace {

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kMost = 32 << 20;  // what malloc takes
  ::mallopt(M_MMAP_THRESHOLD, kMost);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

}  // namespace millrace
