// cuBLASLt's matrix products as plain loops: column-major, inputs rounded as the compute type says, sums in
// fp32. It refuses what the library would not take from Millrace: buffers that are less aligned than the
// preferences promised, a bias that is missing.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>

#include <cublasLt.h>

namespace {

struct Description {
  cublasComputeType_t compute;
  std::int32_t transpose_a = CUBLAS_OP_N, transpose_b = CUBLAS_OP_N;
  std::int32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  const void* bias = nullptr;
};
struct Layout {
  cudaDataType_t type;
  std::uint64_t rows, columns;
  std::int64_t stride;
};
struct Preference {
  std::uint32_t alignment_a = 256, alignment_b = 256, alignment_d = 256;
};

template <class Ours, class Theirs>
Ours& ours(Theirs* handle) {
  return *reinterpret_cast<Ours*>(const_cast<std::remove_const_t<Theirs>*>(handle));
}

float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}
// Rounded to nearest even after the given number of the fraction's 23 bits.
float rounded(float value, unsigned kept) {
  if (!std::isfinite(value)) return value;
  const unsigned dropped = 23 - kept;
  auto bits = std::bit_cast<std::uint32_t>(value);
  bits += (1U << (dropped - 1)) - 1 + (bits >> dropped & 1U);
  return std::bit_cast<float>(bits >> dropped << dropped);
}

float load(const void* data, cudaDataType_t type, std::size_t index) {
  if (type == CUDA_R_32F) return static_cast<const float*>(data)[index];
  return from_bfloat16(static_cast<const std::uint16_t*>(data)[index]);
}
void store(void* data, cudaDataType_t type, std::size_t index, float value) {
  if (type == CUDA_R_32F) {
    static_cast<float*>(data)[index] = value;
  } else {
    static_cast<std::uint16_t*>(data)[index] =
        static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(rounded(value, 7)) >> 16U);
  }
}

struct Operand {
  const void* data;
  const Layout& layout;
  bool transposed;
  bool tf32;
  [[nodiscard]] float at(std::size_t row, std::size_t column) const {
    if (transposed) std::swap(row, column);
    const float value = load(data, layout.type, column * static_cast<std::size_t>(layout.stride) + row);
    return tf32 ? rounded(value, 10) : value;
  }
  [[nodiscard]] std::size_t columns() const { return transposed ? layout.rows : layout.columns; }
};

bool aligned(const void* data, std::uint32_t bytes) {
  return reinterpret_cast<std::uintptr_t>(data) % bytes == 0;
}

float finished(const Description& description, cudaDataType_t type, std::size_t row, float sum) {
  if (description.epilogue == CUBLASLT_EPILOGUE_DEFAULT) return sum;
  sum += load(description.bias, type, row);
  return description.epilogue == CUBLASLT_EPILOGUE_RELU_BIAS ? std::max(sum, 0.0F) : sum;
}

std::uint32_t element_bytes(cudaDataType_t type) {
  return type == CUDA_R_32F ? 4 : 2;
}

}  // namespace

extern "C" {

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  *handle = reinterpret_cast<cublasLtHandle_t>(new int);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
  delete reinterpret_cast<int*>(handle);
  return CUBLAS_STATUS_SUCCESS;
}
const char* cublasLtGetStatusString(cublasStatus_t) {
  return "refused by the emulated cuBLASLt";
}

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* made, cublasComputeType_t compute,
                                        cudaDataType_t) {
  *made = reinterpret_cast<cublasLtMatmulDesc_t>(new Description{compute});
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t description) {
  delete &ours<Description>(description);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t handle,
                                              cublasLtMatmulDescAttributes_t name, const void* value,
                                              std::size_t size) {
  auto& description = ours<Description>(handle);
  const std::map<cublasLtMatmulDescAttributes_t, void*> fields{
      {CUBLASLT_MATMUL_DESC_TRANSA, &description.transpose_a},
      {CUBLASLT_MATMUL_DESC_TRANSB, &description.transpose_b},
      {CUBLASLT_MATMUL_DESC_EPILOGUE, &description.epilogue},
      {CUBLASLT_MATMUL_DESC_BIAS_POINTER, &description.bias}};
  if (!fields.contains(name)) return CUBLAS_STATUS_INVALID_VALUE;
  std::memcpy(fields.at(name), value, size);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* made, cudaDataType type, std::uint64_t rows,
                                          std::uint64_t columns, std::int64_t stride) {
  *made = reinterpret_cast<cublasLtMatrixLayout_t>(new Layout{type, rows, columns, stride});
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
  delete &ours<Layout>(layout);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* made) {
  *made = reinterpret_cast<cublasLtMatmulPreference_t>(new Preference);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
  delete &ours<Preference>(preference);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t handle,
                                                    cublasLtMatmulPreferenceAttributes_t name,
                                                    const void* value, std::size_t) {
  auto& preference = ours<Preference>(handle);
  const auto number = *static_cast<const std::uint32_t*>(value);
  if (name == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES) preference.alignment_a = number;
  if (name == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES) preference.alignment_b = number;
  if (name == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES) preference.alignment_d = number;
  return CUBLAS_STATUS_SUCCESS;
}

// The algorithm carries the alignments that it was chosen for.
cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t, cublasLtMatmulDesc_t, cublasLtMatrixLayout_t,
                                              cublasLtMatrixLayout_t, cublasLtMatrixLayout_t,
                                              cublasLtMatrixLayout_t, cublasLtMatmulPreference_t preference,
                                              int, cublasLtMatmulHeuristicResult_t* result, int* found) {
  *result = {};
  std::memcpy(&result->algo, preference, sizeof(Preference));
  *found = 1;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t, cublasLtMatmulDesc_t handle, const void* alpha, const void* a,
                              cublasLtMatrixLayout_t a_layout, const void* b, cublasLtMatrixLayout_t b_layout,
                              const void* beta, const void* c, cublasLtMatrixLayout_t, void* d,
                              cublasLtMatrixLayout_t d_layout, const cublasLtMatmulAlgo_t* algorithm, void*,
                              std::size_t, cudaStream_t) {
  const auto& description = ours<Description>(handle);
  const auto& result = ours<Layout>(d_layout);
  Preference promised;
  std::memcpy(static_cast<void*>(&promised), algorithm, sizeof promised);
  const bool biased = description.epilogue != CUBLASLT_EPILOGUE_DEFAULT;
  if (!aligned(a, promised.alignment_a) || !aligned(b, promised.alignment_b) ||
      !aligned(d, promised.alignment_d) || (biased && description.bias == nullptr) || c != d ||
      (biased && !aligned(description.bias, element_bytes(result.type) * 8))) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  const bool tf32 = description.compute == CUBLAS_COMPUTE_32F_FAST_TF32;
  const Operand left{a, ours<Layout>(a_layout), description.transpose_a == CUBLAS_OP_T, tf32};
  const Operand right{b, ours<Layout>(b_layout), description.transpose_b == CUBLAS_OP_T, tf32};
  const std::size_t inner = left.columns();
  for (std::size_t column = 0; column < result.columns; ++column) {
    for (std::size_t row = 0; row < result.rows; ++row) {
      float sum = 0;
      for (std::size_t i = 0; i < inner; ++i) sum += left.at(row, i) * right.at(i, column);
      sum *= *static_cast<const float*>(alpha);
      const std::size_t index = column * static_cast<std::size_t>(result.stride) + row;
      const float keep = *static_cast<const float*>(beta);
      if (keep != 0) sum += keep * load(d, result.type, index);
      store(d, result.type, index, finished(description, result.type, row, sum));
    }
  }
  return CUBLAS_STATUS_SUCCESS;
}

}  // extern "C"
