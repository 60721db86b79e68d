#include "kernels/dense.hpp"
#include "kernels/launch.cuh"
#include "kernels/octet.cuh"

namespace millrace::kernels {

namespace {

__global__ void fill_with_bias_kernel(std::size_t n, std::size_t width, const float* bias, float* to) {
  for (std::size_t i = thread_index(); i < n; i += thread_count()) to[i] = bias[i % width];
}

__global__ void to_bfloat16_kernel(std::size_t n, const float* from, Bfloat16* to) {
  for (std::size_t i = thread_index(); i < octets(n); i += thread_count()) {
    const unsigned count = octet_size(i * kOctet, n);
    store(load(from + i * kOctet, count), count, to + i * kOctet);
  }
}

__global__ void add_kernel(std::size_t n, const float* from, float* to) {
  for (std::size_t i = thread_index(); i < octets(n); i += thread_count()) {
    const unsigned count = octet_size(i * kOctet, n);
    const Octet term = load(from + i * kOctet, count);
    Octet sum = load(to + i * kOctet, count);
    for (unsigned k = 0; k < kOctet; ++k) sum.at[k] += term.at[k];
    store(sum, count, to + i * kOctet);
  }
}

// Columns are summed over chunks of rows, then over the chunks' sums: one more launch of the same kernel. A
// block sums one chunk of 32 columns, each of its 8 warps every eighth row. At most this many chunks of at
// least as many rows: so the chunks' sums are one chunk.
constexpr std::size_t kChunks = 128;

std::size_t chunk_rows(std::size_t rows) {
  return std::max(kChunks, (rows + kChunks - 1) / kChunks);
}
std::size_t chunks_of(std::size_t rows) {
  return std::max(std::size_t{1}, (rows + chunk_rows(rows) - 1) / chunk_rows(rows));
}

// Block (x, y): columns from 32·x on, rows from y · chunk on. sums[chunks × width].
template <class T>
__global__ void column_sums_kernel(std::size_t rows, std::size_t width, std::size_t chunk, const T* delta,
                                   float* sums) {
  __shared__ float of_warp[kWarps][kWarp];
  const std::size_t column = std::size_t{blockIdx.x} * kWarp + threadIdx.x;
  const std::size_t first = blockIdx.y * chunk;
  const std::size_t end = first + chunk < rows ? first + chunk : rows;
  float sum = 0;
  if (column < width) {
    for (std::size_t r = first + threadIdx.y; r < end; r += kWarps)
      sum += to_float(delta[r * width + column]);
  }
  of_warp[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || column >= width) return;
  for (unsigned w = 1; w < kWarps; ++w) sum += of_warp[w][threadIdx.x];
  sums[blockIdx.y * width + column] = sum;
}

template <class T>
void sum_chunks(std::size_t rows, std::size_t width, const T* delta, float* sums, StreamView stream) {
  const dim3 blocks(static_cast<unsigned>((width + kWarp - 1) / kWarp),
                    static_cast<unsigned>(chunks_of(rows)));
  launch(column_sums_kernel<T>, blocks, {kWarp, kWarps}, stream, rows, width, chunk_rows(rows), delta, sums);
}

}  // namespace

void fill_with_bias(std::size_t rows, std::size_t width, const float* bias, float* to, StreamView stream) {
  const std::size_t n = rows * width;
  launch(fill_with_bias_kernel, blocks_for(n), kThreads, stream, n, width, bias, to);
}

std::size_t column_sums_scratch(std::size_t rows, std::size_t width) {
  return chunks_of(rows) > 1 ? chunks_of(rows) * width : 0;
}

template <class T>
void column_sums(std::size_t rows, std::size_t width, const T* delta, float* scratch, float* sums,
                 StreamView stream) {
  const std::size_t chunks = chunks_of(rows);
  if (chunks == 1) return sum_chunks(rows, width, delta, sums, stream);
  sum_chunks(rows, width, delta, scratch, stream);
  column_sums(chunks, width, static_cast<const float*>(scratch), nullptr, sums, stream);
}
template void column_sums(std::size_t, std::size_t, const float*, float*, float*, StreamView);
template void column_sums(std::size_t, std::size_t, const Bfloat16*, float*, float*, StreamView);

void to_bfloat16(std::size_t n, const float* from, Bfloat16* to, StreamView stream) {
  launch(to_bfloat16_kernel, blocks_for(octets(n)), kThreads, stream, n, from, to);
}

void add(std::size_t n, const float* from, float* to, StreamView stream) {
  launch(add_kernel, blocks_for(octets(n)), kThreads, stream, n, from, to);
}

}  // namespace millrace::kernels
