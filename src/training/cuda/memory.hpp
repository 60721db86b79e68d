// Device memory and pinned host memory, each with one owner, and copies between them. Copies are queued on a
// stream; where one side is ordinary host memory they may block until it can be used again.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

#include "training/cuda/stream.hpp"

namespace millrace {

struct DeviceMemory {
  static void* allocate(std::size_t bytes);  // throws kResource
  void operator()(void* memory) const noexcept;
};
struct PinnedMemory {
  static void* allocate(std::size_t bytes);
  void operator()(void* memory) const noexcept;
};

// An array that only grows; what was in it is lost when it does. Nothing is initialized.
template <class T, class Memory>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size) { reserve(size); }

  void reserve(std::size_t size) {
    if (size <= size_) return;
    memory_.reset();
    size_ = 0;  // should there be no memory
    memory_.reset(Memory::allocate(size * sizeof(T)));
    size_ = size;
  }
  [[nodiscard]] T* data() { return static_cast<T*>(memory_.get()); }
  [[nodiscard]] const T* data() const { return static_cast<const T*>(memory_.get()); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::unique_ptr<void, Memory> memory_;
  std::size_t size_ = 0;
};

template <class T>
using DeviceBuffer = Buffer<T, DeviceMemory>;
template <class T>
using PinnedBuffer = Buffer<T, PinnedMemory>;

void copy_bytes(void* to, const void* from, std::size_t bytes, StreamView stream);
void zero_bytes(void* to, std::size_t bytes, StreamView stream);

template <class T>
void copy(T* to, const std::type_identity_t<T>* from, std::size_t count, StreamView stream) {
  copy_bytes(to, from, count * sizeof(T), stream);
}
template <class T>
void zero(T* to, std::size_t count, StreamView stream) {
  zero_bytes(to, count * sizeof(T), stream);
}

}  // namespace millrace
