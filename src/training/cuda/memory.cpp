#include "training/cuda/memory.hpp"

#include "base/text.hpp"
#include "training/cuda/cuda_check.hpp"

namespace millrace {

void* DeviceMemory::allocate(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMalloc(&memory, bytes), human_bytes(static_cast<double>(bytes)) + " of GPU memory");
  return memory;
}
void DeviceMemory::operator()(void* memory) const noexcept {
  (void)cudaFree(memory);
}

void* PinnedMemory::allocate(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMallocHost(&memory, bytes), human_bytes(static_cast<double>(bytes)) + " of pinned host memory");
  return memory;
}
void PinnedMemory::operator()(void* memory) const noexcept {
  (void)cudaFreeHost(memory);
}

void copy_bytes(void* to, const void* from, std::size_t bytes, StreamView stream) {
  if (bytes == 0) return;
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream), "copying from or to the GPU");
}
void zero_bytes(void* to, std::size_t bytes, StreamView stream) {
  if (bytes == 0) return;
  check(cudaMemsetAsync(to, 0, bytes, stream), "clearing GPU memory");
}

}  // namespace millrace
