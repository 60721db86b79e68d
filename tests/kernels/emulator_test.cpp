// Of the emulator itself: that it finds what it is for.
#include <stdexcept>

#include <gtest/gtest.h>

#include "kernels/device.hpp"
#include "kernels/launch.cuh"
#include "kernels/reduce.cuh"

namespace millrace {
namespace {

using kernels::launch;
using testing_support::DeviceArray;

void write_place(unsigned* to) {
  const std::size_t thread = threadIdx.y * blockDim.x + threadIdx.x;
  const std::size_t block = blockIdx.y * gridDim.x + blockIdx.x;
  to[block * blockDim.x * blockDim.y + thread] += static_cast<unsigned>(thread + 1000 * block);
}

TEST(Emulator, RunsEveryThreadOfEveryBlockOnce) {
  DeviceArray<unsigned> places(std::vector<unsigned>(6 * 15));
  launch(write_place, dim3(2, 3), dim3(5, 3), nullptr, places.data());
  const std::vector<unsigned> result = places.download();
  for (unsigned i = 0; i < result.size(); ++i) EXPECT_EQ(result[i], i % 15 + i / 15 * 1000);
}

void skip_a_barrier(unsigned who) {
  if (threadIdx.x != who) __syncthreads();
}
void skip_a_warps_barrier(unsigned who) {
  if (threadIdx.x != who) __syncwarp();
}
void read_from_outside(unsigned who) {
  if (threadIdx.x < 16) (void)__shfl_sync(0xFFFFU, 1, static_cast<int>(who));
}

TEST(Emulator, BarriersThatSomeNeverReachAreFound) {
  EXPECT_THROW(launch(skip_a_barrier, 3, 64, nullptr, 63U), std::logic_error);
  EXPECT_THROW(launch(skip_a_warps_barrier, 3, 64, nullptr, 5U), std::logic_error);
  EXPECT_THROW(launch(read_from_outside, 1, 32, nullptr, 16U), std::logic_error);
  EXPECT_NO_THROW(launch(read_from_outside, 1, 32, nullptr, 15U));
  EXPECT_NO_THROW(launch(skip_a_barrier, 3, 64, nullptr, 64U));
}

void read_a_neighbour_too_early(unsigned* to) {
  to[threadIdx.x] = threadIdx.x;
  to[threadIdx.x + blockDim.x] = to[(threadIdx.x + 1) % blockDim.x];
}

TEST(Emulator, AMissingBarrierShowsInTheResult) {
  DeviceArray<unsigned> values(128);
  launch(read_a_neighbour_too_early, 1, 64, nullptr, values.data());
  const std::vector<unsigned> first = values.download();
  bool right = true;
  for (unsigned i = 0; i < 64; ++i) right = right && first[64 + i] == (i + 1) % 64;
  EXPECT_FALSE(right);
}

void reduce(double* sums, unsigned* votes) {
  const double sum = kernels::block_sum(1.0 + threadIdx.x);
  const double again = kernels::block_sum(sum);
  sums[threadIdx.x] = again;
  votes[threadIdx.x] = __ballot_sync(kernels::kAllLanes, threadIdx.x % 3 == 0);
}

TEST(Emulator, WarpsAndBlocksReduce) {
  DeviceArray<double> sums(96);
  DeviceArray<unsigned> votes(96);
  launch(reduce, 1, 96, nullptr, sums.data(), votes.data());
  for (const double sum : sums.download()) EXPECT_EQ(sum, 96.0 * 96 * 97 / 2);
  const std::vector<unsigned> result = votes.download();
  for (unsigned i = 0; i < 96; ++i) {
    for (unsigned l = 0; l < 32; ++l) EXPECT_EQ(result[i] >> l & 1U, unsigned{(i / 32 * 32 + l) % 3 == 0});
  }
}

TEST(Emulator, ImpossibleLaunchesAreRefused) {
  EXPECT_THROW(launch(skip_a_barrier, 1, 2048, nullptr, 0U), std::runtime_error);
  EXPECT_NO_THROW(launch(skip_a_barrier, 0, 64, nullptr, 0U));  // an empty grid: nothing to do
}

}  // namespace
}  // namespace millrace
