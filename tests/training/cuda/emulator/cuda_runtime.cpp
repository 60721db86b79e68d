// The CUDA runtime as plain memory, so that the module's host code runs without a GPU: what is queued is done
// at once, and fresh memory holds NaN, so that a value nobody has written shows.
#include <cstdlib>
#include <cstring>
#include <string>

#include <cuda_runtime_api.h>

bool emulated_gpu_is_stuck = false;  // for tests: nothing that is queued comes to an end

namespace {

constexpr std::size_t kAlignment = 256;  // CUDA's own

cudaError_t allocate(void** memory, std::size_t bytes) {
  const std::size_t whole = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  *memory = std::aligned_alloc(kAlignment, whole);
  if (*memory == nullptr && whole > 0) return cudaErrorMemoryAllocation;
  if (whole > 0) std::memset(*memory, 0xFF, whole);
  return cudaSuccess;
}

// Its own for each rank, or one for all (EMULATED_GPU_SHARED).
std::string bus_id() {
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  const bool shared = std::getenv("EMULATED_GPU_SHARED") != nullptr;
  return std::string("0000:") + (shared || rank == nullptr ? "0" : rank);
}

}  // namespace

extern "C" {

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  return allocate(memory, bytes);
}
cudaError_t cudaFree(void* memory) {
  std::free(memory);
  return cudaSuccess;
}
cudaError_t cudaMallocHost(void** memory, std::size_t bytes) {
  return allocate(memory, bytes);
}
cudaError_t cudaFreeHost(void* memory) {
  return cudaFree(memory);
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind, cudaStream_t) {
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t) {
  std::memset(to, value, bytes);
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  return allocate(reinterpret_cast<void**>(stream), 1);
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  return cudaFree(stream);
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  return allocate(reinterpret_cast<void**>(event), 1);
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  return cudaFree(event);
}
cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t) {
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t) {
  return emulated_gpu_is_stuck ? cudaErrorNotReady : cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t) {
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  return device == 0 ? cudaSuccess : cudaErrorInvalidDevice;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {};
  std::strcpy(properties->name, "emulated GPU");
  properties->major = 9;
  properties->totalGlobalMem = std::size_t{1} << 30U;
  return cudaSuccess;
}
cudaError_t cudaDeviceGetPCIBusId(char* text, int size, int) {
  std::strncpy(text, bus_id().c_str(), static_cast<std::size_t>(size));
  return cudaSuccess;
}

const char* cudaGetErrorString(cudaError_t code) {
  return code == cudaSuccess ? "no error" : "an emulated error";
}
const char* cudaGetErrorName(cudaError_t code) {
  return code == cudaSuccess ? "cudaSuccess" : "cudaErrorEmulated";
}

}  // extern "C"
