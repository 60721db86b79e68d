// The matrix products of a dense layer on cuBLASLt, as in training/cpu/dense.hpp. Everything is row-major: to
// cuBLASLt, which counts by columns, that is the transposed matrix, so it is asked for the transposed
// product. How a product is made is chosen once for each shape (the first of the library's own suggestions):
// the same shapes give the same bits on the same device.
#pragma once

#include <map>
#include <memory>
#include <tuple>

#include <cublasLt.h>

#include "training/cuda/memory.hpp"
#include "training/cuda/precision.hpp"
#include "training/dense_shape.hpp"

namespace millrace {

// What is done to a product's sums before they are stored.
enum class Epilogue { kNone, kBias, kBiasRelu };

// T is the type of the inputs, R the result's: float or kernels::Bfloat16, and R is float where T is. Buffers
// begin at multiples of 16 elements. Sizes must not be 0.
class Matmul {
 public:
  explicit Matmul(Precision precision);
  ~Matmul();
  Matmul(const Matmul&) = delete;
  Matmul& operator=(const Matmul&) = delete;

  // to[rows × out] = epilogue(keep · to + from[rows × in] · Wᵀ); bias[out] for the epilogues that add one.
  template <class T, class R>
  void forward(const DenseShape& shape, const T* from, const T* weight, Epilogue epilogue, const R* bias,
               float keep, R* to, StreamView stream);
  // gradient[out × in] = deltaᵀ · from.
  template <class T>
  void weight_gradient(const DenseShape& shape, const T* delta, const T* from, float* gradient,
                       StreamView stream);
  // to[rows × in] = keep · to + delta[rows × out] · W.
  template <class T, class R>
  void input_delta(const DenseShape& shape, const T* delta, const T* weight, float keep, R* to,
                   StreamView stream);

 private:
  // A product as cuBLASLt sees it: D[m × n] = op(A)[m × k] · op(B)[k × n] + keep · D, column-major.
  struct Key {
    std::size_t m, n, k;
    bool transpose_a, transpose_b;
    cudaDataType_t input, result;
    Epilogue epilogue;
    float keep;
    [[nodiscard]] auto fields() const {
      return std::tie(m, n, k, transpose_a, transpose_b, input, result, epilogue, keep);
    }
    bool operator<(const Key& other) const { return fields() < other.fields(); }
  };
  struct Plan;
  struct DestroyHandle {
    void operator()(cublasLtHandle_t handle) const noexcept { (void)cublasLtDestroy(handle); }
  };

  std::unique_ptr<Plan> make_plan(const Key& key);
  void multiply(const Key& key, const void* a, const void* b, const void* bias, void* d, StreamView stream);

  std::unique_ptr<std::remove_pointer_t<cublasLtHandle_t>, DestroyHandle> handle_;
  cublasComputeType_t compute_;
  DeviceBuffer<std::byte> workspace_;
  std::map<Key, std::unique_ptr<Plan>> plans_;
};

}  // namespace millrace
