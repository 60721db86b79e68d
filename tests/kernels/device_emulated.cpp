#include <cstdlib>
#include <cstring>
#include <new>

#include "kernels/device.hpp"

namespace millrace::testing_support {

std::string why_no_device() {
  return {};
}

void* device_allocate(std::size_t bytes) {
  void* memory = std::malloc(bytes);  // aligned to 16 bytes, which is what kernels ask for
  if (memory == nullptr && bytes > 0) throw std::bad_alloc();
  return memory;
}

void device_free(void* memory) noexcept {
  std::free(memory);
}

void copy_to_device(const void* from, std::size_t bytes, void* to) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}

void copy_to_host(const void* from, std::size_t bytes, void* to) {
  copy_to_device(from, bytes, to);
}

}  // namespace millrace::testing_support
