// Memory that kernels work on in tests, the same for the emulator (plain memory) and for a GPU: two
// implementations of one header. Arrays lie between guards that are checked; under the address sanitizer they
// have their exact size instead, so that it finds reads as well.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// gcc's word for the address sanitizer, and clang's.
#ifdef __SANITIZE_ADDRESS__
#define MILLRACE_SANITIZED_ADDRESS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MILLRACE_SANITIZED_ADDRESS
#endif
#endif

namespace millrace::testing_support {

// Of device_emulated.cpp or device_cuda.cpp; throw std::runtime_error where CUDA fails.
std::string why_no_device();  // empty where there is one
void* device_allocate(std::size_t bytes);
void device_free(void* memory) noexcept;
void copy_to_device(const void* from, std::size_t bytes, void* to);
void copy_to_host(const void* from, std::size_t bytes, void* to);  // after all that was launched

// All tests of kernels: skipped, and it is said why, where no device answers.
class KernelTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = why_no_device(); !reason.empty()) GTEST_SKIP() << reason;
  }
};

template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    copy_to_device(values.data(), bytes(), data());
  }
  // Filled with what is no number in any floating-point type.
  explicit DeviceArray(std::size_t size) : size_(size), memory_(device_allocate(bytes() + 2 * kGuard)) {
    const std::vector<std::uint8_t> poison(bytes() + 2 * kGuard, kPoison);
    copy_to_device(poison.data(), poison.size(), memory_);
  }
  ~DeviceArray() { device_free(memory_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  [[nodiscard]] T* data() { return reinterpret_cast<T*>(static_cast<std::uint8_t*>(memory_) + kGuard); }
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] std::vector<T> download() {
    std::vector<std::uint8_t> all(bytes() + 2 * kGuard);
    copy_to_host(memory_, all.size(), all.data());
    for (std::size_t i = 0; i < kGuard; ++i) {
      EXPECT_EQ(all[i], kPoison) << "written before the array's begin";
      EXPECT_EQ(all[all.size() - 1 - i], kPoison) << "written behind the array's end";
    }
    std::vector<T> values(size_);
    if (size_ > 0) std::memcpy(values.data(), all.data() + kGuard, bytes());
    return values;
  }

 private:
#ifdef MILLRACE_SANITIZED_ADDRESS
  static constexpr std::size_t kGuard = 0;
#else
  static constexpr std::size_t kGuard = 256;
#endif
  static constexpr std::uint8_t kPoison = 0xFF;
  [[nodiscard]] std::size_t bytes() const {
    return size_ * sizeof(T);
  }

  std::size_t size_;
  void* memory_;
};

}  // namespace millrace::testing_support
