#include "training/cuda/matmul.hpp"

#include "base/error.hpp"
#include "base/topics.hpp"
#include "training/cuda/cuda_check.hpp"

namespace millrace {

namespace {

using kernels::Bfloat16;

constexpr std::size_t kWorkspaceBytes = std::size_t{32} << 20U;  // what cuBLAS recommends for Hopper
constexpr std::uint32_t kElementAlignment = 16;                  // of buffers, in elements

template <class T>
constexpr cudaDataType_t kType = std::is_same_v<T, float> ? CUDA_R_32F : CUDA_R_16BF;

template <class Handle, auto kDestroy>
struct Destroy {
  void operator()(Handle handle) const noexcept { (void)kDestroy(handle); }
};
template <class Handle, auto kDestroy>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Destroy<Handle, kDestroy>>;
using Description = Owned<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>;
using Layout = Owned<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>;
using Preference = Owned<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>;

template <class T>
void set(const Description& description, cublasLtMatmulDescAttributes_t name, const T& value) {
  check(cublasLtMatmulDescSetAttribute(description.get(), name, &value, sizeof value),
        "describing a matrix product");
}
template <class T>
void set(const Preference& preference, cublasLtMatmulPreferenceAttributes_t name, const T& value) {
  check(cublasLtMatmulPreferenceSetAttribute(preference.get(), name, &value, sizeof value),
        "describing a matrix product");
}

// Of a column-major matrix without gaps.
Layout layout(cudaDataType_t type, std::size_t rows, std::size_t columns) {
  cublasLtMatrixLayout_t made = nullptr;
  check(cublasLtMatrixLayoutCreate(&made, type, rows, columns, static_cast<std::int64_t>(rows)),
        "describing a matrix");
  return Layout(made);
}

cublasLtEpilogue_t native(Epilogue epilogue) {
  switch (epilogue) {
    case Epilogue::kNone:
      return CUBLASLT_EPILOGUE_DEFAULT;
    case Epilogue::kBias:
      return CUBLASLT_EPILOGUE_BIAS;
    case Epilogue::kBiasRelu:
      return CUBLASLT_EPILOGUE_RELU_BIAS;
  }
  return CUBLASLT_EPILOGUE_DEFAULT;
}

std::uint32_t alignment(cudaDataType_t type) {
  return kElementAlignment * (type == CUDA_R_32F ? sizeof(float) : sizeof(Bfloat16));
}

// The library would otherwise count on 256 bytes.
Preference preference(cudaDataType_t input, cudaDataType_t result) {
  cublasLtMatmulPreference_t made = nullptr;
  check(cublasLtMatmulPreferenceCreate(&made), "describing a matrix product");
  Preference preference(made);
  set(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, kWorkspaceBytes);
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment(input));
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment(input));
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment(result));
  set(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment(result));
  return preference;
}

}  // namespace

Precision parse_precision(const std::string& name) {
  if (name == "fp32") return Precision::kFp32;
  if (name == "tf32") return Precision::kTf32;
  if (name == "bf16") return Precision::kBf16;
  throw Error(Topic::kUnknownName, "training.precision '{}': choose one of fp32, tf32, bf16", name);
}

struct Matmul::Plan {
  Description description;
  Layout a, b, d;
  cublasLtMatmulAlgo_t algorithm{};
};

Matmul::Matmul(Precision precision)
    : compute_(precision == Precision::kTf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F),
      workspace_(kWorkspaceBytes) {
  cublasLtHandle_t handle = nullptr;
  check(cublasLtCreate(&handle), "starting cuBLASLt");
  handle_.reset(handle);
}

Matmul::~Matmul() = default;

template <class T, class R>
void Matmul::forward(const DenseShape& shape, const T* from, const T* weight, Epilogue epilogue,
                     const R* bias, float keep, R* to, StreamView stream) {
  const Key key{shape.out, shape.rows, shape.in, true, false, kType<T>, kType<R>, epilogue, keep};
  multiply(key, weight, from, bias, to, stream);
}

template <class T>
void Matmul::weight_gradient(const DenseShape& shape, const T* delta, const T* from, float* gradient,
                             StreamView stream) {
  const Key key{shape.in, shape.out, shape.rows, false, true, kType<T>, CUDA_R_32F, Epilogue::kNone, 0};
  multiply(key, from, delta, nullptr, gradient, stream);
}

template <class T, class R>
void Matmul::input_delta(const DenseShape& shape, const T* delta, const T* weight, float keep, R* to,
                         StreamView stream) {
  const Key key{shape.in, shape.rows, shape.out, false, false, kType<T>, kType<R>, Epilogue::kNone, keep};
  multiply(key, weight, delta, nullptr, to, stream);
}

std::unique_ptr<Matmul::Plan> Matmul::make_plan(const Key& key) {
  cublasLtMatmulDesc_t description = nullptr;
  check(cublasLtMatmulDescCreate(&description, compute_, CUDA_R_32F), "describing a matrix product");
  auto plan = std::make_unique<Plan>();
  plan->description.reset(description);
  set(plan->description, CUBLASLT_MATMUL_DESC_TRANSA, key.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(plan->description, CUBLASLT_MATMUL_DESC_TRANSB, key.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(plan->description, CUBLASLT_MATMUL_DESC_EPILOGUE, native(key.epilogue));
  plan->a = key.transpose_a ? layout(key.input, key.k, key.m) : layout(key.input, key.m, key.k);
  plan->b = key.transpose_b ? layout(key.input, key.n, key.k) : layout(key.input, key.k, key.n);
  plan->d = layout(key.result, key.m, key.n);
  const Preference wishes = preference(key.input, key.result);
  cublasLtMatmulHeuristicResult_t suggestion{};
  int found = 0;
  const std::string what = fmt::format("a matrix product of {} × {} × {}", key.m, key.n, key.k);
  check(cublasLtMatmulAlgoGetHeuristic(handle_.get(), description, plan->a.get(), plan->b.get(),
                                       plan->d.get(), plan->d.get(), wishes.get(), 1, &suggestion, &found),
        what);
  if (found == 0) throw Error(Topic::kGpuFailed, "{}: cuBLASLt has no way to make it", what);
  plan->algorithm = suggestion.algo;
  return plan;
}

void Matmul::multiply(const Key& key, const void* a, const void* b, const void* bias, void* d,
                      StreamView stream) {
  std::unique_ptr<Plan>& plan = plans_[key];
  if (plan == nullptr) plan = make_plan(key);
  if (key.epilogue != Epilogue::kNone) set(plan->description, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias);
  const float one = 1;
  check(cublasLtMatmul(handle_.get(), plan->description.get(), &one, a, plan->a.get(), b, plan->b.get(),
                       &key.keep, d, plan->d.get(), d, plan->d.get(), &plan->algorithm, workspace_.data(),
                       kWorkspaceBytes, stream),
        "a matrix product");
}

template void Matmul::forward(const DenseShape&, const float*, const float*, Epilogue, const float*, float,
                              float*, StreamView);
template void Matmul::forward(const DenseShape&, const Bfloat16*, const Bfloat16*, Epilogue, const Bfloat16*,
                              float, Bfloat16*, StreamView);
template void Matmul::forward(const DenseShape&, const Bfloat16*, const Bfloat16*, Epilogue, const float*,
                              float, float*, StreamView);
template void Matmul::weight_gradient(const DenseShape&, const float*, const float*, float*, StreamView);
template void Matmul::weight_gradient(const DenseShape&, const Bfloat16*, const Bfloat16*, float*,
                                      StreamView);
template void Matmul::input_delta(const DenseShape&, const float*, const float*, float, float*, StreamView);
template void Matmul::input_delta(const DenseShape&, const Bfloat16*, const Bfloat16*, float, Bfloat16*,
                                  StreamView);
template void Matmul::input_delta(const DenseShape&, const Bfloat16*, const Bfloat16*, float, float*,
                                  StreamView);

}  // namespace millrace
