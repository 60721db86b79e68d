#include "training/cuda/memory.hpp"

#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

namespace millrace {
namespace {

struct ScarceMemory {
  static constexpr std::size_t kMost = 100;  // bytes
  static void* allocate(std::size_t bytes) {
    if (bytes > kMost) throw std::bad_alloc();
    return std::malloc(bytes);
  }
  void operator()(void* memory) const noexcept { std::free(memory); }
};

TEST(DeviceBuffers, GrowAndNeverShrink) {
  Buffer<std::uint8_t, ScarceMemory> buffer(10);
  buffer.reserve(5);
  EXPECT_EQ(buffer.size(), 10U);
  buffer.reserve(50);
  EXPECT_EQ(buffer.size(), 50U);
}

// Scoring goes on after a batch for which there was no memory.
TEST(DeviceBuffers, CanBeAskedAgainAfterTheyFoundNoMemory) {
  Buffer<std::uint8_t, ScarceMemory> buffer(10);
  EXPECT_THROW(buffer.reserve(1000), std::bad_alloc);
  EXPECT_EQ(buffer.size(), 0U);
  buffer.reserve(5);
  EXPECT_NE(buffer.data(), nullptr);
  EXPECT_EQ(buffer.size(), 5U);
}

}  // namespace
}  // namespace millrace
