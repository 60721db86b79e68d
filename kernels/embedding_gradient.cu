#include <limits>

#include "kernels/embedding_gradient.hpp"
#include "kernels/launch.cuh"
#include "kernels/reduce.cuh"

namespace millrace::kernels {

namespace {

__global__ void keys_kernel(std::size_t n, std::uint32_t n_tables, const std::int32_t* categorical,
                            const EmbeddingColumn* tables, std::uint32_t* keys, std::uint32_t* positions) {
  for (std::size_t i = thread_index(); i < n; i += thread_count()) {
    keys[i] = tables[i % n_tables].first_key + static_cast<std::uint32_t>(categorical[i]);
    positions[i] = static_cast<std::uint32_t>(i);
  }
}

// The sorted uses, cut into chunks of 32, one for each lane of a warp. A run is what a chunk has of a level's
// segment. Runs that are a whole segment are added up at once; of a segment that goes over several chunks,
// each run's sum is kept in `partial`, two rows a chunk: one for a run that began in an earlier chunk, one
// for a run that begins here and goes on in the next.
struct Uses {
  InputShape shape;
  const EmbeddingColumn* tables;
  std::uint32_t row_size;  // of `partial`: the widest dimension
  std::size_t count;
  const std::uint32_t* keys;
  const std::uint32_t* positions;
  const float* input_delta;
  float* partial;
  float* gradient;
};

__host__ __device__ std::size_t chunks_of(std::size_t count) {
  return (count + kWarp - 1) / kWarp;
}
__device__ std::size_t end_of_chunk(const Uses& uses, std::size_t chunk) {
  const std::size_t end = (chunk + 1) * kWarp;
  return end < uses.count ? end : uses.count;
}
__device__ bool begins_before(const Uses& uses, std::size_t chunk, std::uint32_t key) {
  return chunk > 0 && uses.keys[chunk * kWarp - 1] == key;
}
__device__ bool goes_on_after(const Uses& uses, std::size_t chunk, std::uint32_t key) {
  const std::size_t end = end_of_chunk(uses, chunk);
  return end < uses.count && uses.keys[end] == key;
}
__device__ float* continued_sum(const Uses& uses, std::size_t chunk) {
  return uses.partial + 2 * chunk * uses.row_size;
}
__device__ float* begun_sum(const Uses& uses, std::size_t chunk) {
  return uses.partial + (2 * chunk + 1) * uses.row_size;
}
__device__ float* gradient_of(const Uses& uses, const EmbeddingColumn& table, std::uint32_t key) {
  return uses.gradient + table.parameters + std::size_t{key - table.first_key} * table.dimension;
}

// Lanes [first, end) of a chunk.
struct Run {
  unsigned first;
  unsigned end;
  std::uint32_t key;
};
// Where a run's sum goes.
__device__ float* sum_of_run(const Uses& uses, const EmbeddingColumn& table, std::size_t chunk,
                             const Run& run) {
  if (run.first == 0 && begins_before(uses, chunk, run.key)) return continued_sum(uses, chunk);
  if (run.end == kWarp && goes_on_after(uses, chunk, run.key)) return begun_sum(uses, chunk);
  return gradient_of(uses, table, run.key);
}

// `offset` is where this lane's use has its delta.
__device__ void add_run(const Uses& uses, const Run& run, std::uint32_t dimension, std::size_t offset,
                        float* to) {
  for (std::uint32_t d = threadIdx.x % kWarp; d / kWarp * kWarp < dimension; d += kWarp) {
    float sum = 0;
    for (unsigned i = run.first; i < run.end; ++i) {
      const std::size_t from = __shfl_sync(kAllLanes, offset, static_cast<int>(i));
      if (d < dimension) sum += uses.input_delta[from + d];
    }
    if (d < dimension) to[d] = sum;
  }
}

// A warp a chunk. Every lane knows one use, all go through the runs together.
__device__ void add_chunk(const Uses& uses, std::size_t chunk) {
  const unsigned lane = threadIdx.x % kWarp;
  const auto size = static_cast<unsigned>(end_of_chunk(uses, chunk) - chunk * kWarp);
  const std::size_t use = chunk * kWarp + (lane < size ? lane : size - 1);
  const std::uint32_t key = uses.keys[use];
  const std::uint32_t row = uses.positions[use] / uses.shape.n_tables;
  const std::uint32_t t = uses.positions[use] % uses.shape.n_tables;
  const std::size_t offset = std::size_t{row} * uses.shape.width + uses.tables[t].column;
  const std::uint32_t key_before = __shfl_up_sync(kAllLanes, key, 1);
  unsigned heads = __ballot_sync(kAllLanes, lane == 0 || key != key_before);
  while (heads != 0) {
    const auto first = static_cast<unsigned>(__ffs(static_cast<int>(heads)) - 1);
    heads &= heads - 1;
    const unsigned end = heads != 0 ? static_cast<unsigned>(__ffs(static_cast<int>(heads)) - 1) : size;
    const Run run{first, end, __shfl_sync(kAllLanes, key, static_cast<int>(first))};
    const EmbeddingColumn table = uses.tables[__shfl_sync(kAllLanes, t, static_cast<int>(first))];
    add_run(uses, run, table.dimension, offset, sum_of_run(uses, table, chunk, run));
  }
}

__global__ void runs_kernel(Uses uses) {
  const std::size_t chunks = chunks_of(uses.count);
  for (std::size_t c = thread_index() / kWarp; c < chunks; c += thread_count() / kWarp) add_chunk(uses, c);
}

// The first chunk behind `chunk`, which begins with the key, that does not.
__device__ std::size_t end_of_segment(const Uses& uses, std::size_t chunk, std::uint32_t key) {
  std::size_t last = chunk;  // begins with the key
  std::size_t end = chunks_of(uses.count);
  while (end - last > 1) {
    const std::size_t middle = last + (end - last) / 2;
    (uses.keys[middle * kWarp] == key ? last : end) = middle;
  }
  return end;
}

// Σ of value[i · stride] over i < n: eight sums side by side, so that as many loads are under way.
__device__ float strided_sum(std::size_t n, std::size_t stride, const float* value) {
  constexpr unsigned kSums = 8;
  float sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (unsigned k = 0; k < kSums; ++k) sums[k] += value[(i + k) * stride];
  }
  for (; i < n; ++i) sums[0] += value[i * stride];
  for (unsigned k = 1; k < kSums; ++k) sums[0] += sums[k];
  return sums[0];
}

// A warp for each chunk in which a segment begins that goes on in the next: adds its runs' sums.
__device__ void add_segment(const Uses& uses, std::size_t chunk) {
  const std::size_t last = end_of_chunk(uses, chunk) - 1;
  const std::uint32_t key = uses.keys[last];
  if (begins_before(uses, chunk, key) || !goes_on_after(uses, chunk, key)) return;
  const EmbeddingColumn table = uses.tables[uses.positions[last] % uses.shape.n_tables];
  const std::size_t n = end_of_segment(uses, chunk + 1, key) - (chunk + 1);
  for (std::uint32_t d = threadIdx.x % kWarp; d < table.dimension; d += kWarp) {
    const float rest = strided_sum(n, 2 * std::size_t{uses.row_size}, continued_sum(uses, chunk + 1) + d);
    gradient_of(uses, table, key)[d] = begun_sum(uses, chunk)[d] + rest;
  }
}

__global__ void segments_kernel(Uses uses) {
  const std::size_t chunks = chunks_of(uses.count);
  for (std::size_t c = thread_index() / kWarp; c < chunks; c += thread_count() / kWarp) add_segment(uses, c);
}

}  // namespace

void embedding_keys(const InputShape& shape, const std::int32_t* categorical, const EmbeddingColumn* tables,
                    std::uint32_t* keys, std::uint32_t* positions, StreamView stream) {
  const std::size_t n = shape.rows * shape.n_tables;
  if (n > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("embedding_keys: " + std::to_string(n) + " uses are more than 32-bit positions");
  }
  launch(keys_kernel, blocks_for(n), kThreads, stream, n, shape.n_tables, categorical, tables, keys,
         positions);
}

std::size_t segment_scratch(const InputShape& shape, std::uint32_t widest_dimension) {
  return 2 * chunks_of(shape.rows * shape.n_tables) * widest_dimension;
}

void add_segments(const InputShape& shape, const EmbeddingColumn* tables, std::uint32_t widest_dimension,
                  const std::uint32_t* sorted_keys, const std::uint32_t* sorted_positions,
                  const float* input_delta, float* partial, float* gradient, StreamView stream) {
  const std::size_t count = shape.rows * shape.n_tables;
  const Uses uses{shape,       tables,  widest_dimension, count, sorted_keys, sorted_positions,
                  input_delta, partial, gradient};
  launch(runs_kernel, blocks_for(chunks_of(count), kWarps), kThreads, stream, uses);
  launch(segments_kernel, blocks_for(chunks_of(count), kWarps), kThreads, stream, uses);
}

}  // namespace millrace::kernels
