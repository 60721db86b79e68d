#include "kernels/emulator/block.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <ucontext.h>

namespace emulator {

namespace {

constexpr std::size_t kStackBytes = std::size_t{128} << 10U;
constexpr unsigned kWarp = 32;

enum class State { kReady, kAtBlockBarrier, kAtWarpBarrier, kDone };

struct Thread {
  dim3 index;
  State state = State::kReady;
  unsigned lanes = 0;           // that a warp's barrier is for
  std::uint64_t handed_in = 0;  // to exchange()
  std::unique_ptr<char[]> stack = std::make_unique_for_overwrite<char[]>(kStackBytes);
  ucontext_t context{};
};
using Threads = std::span<Thread>;

// The one block that is under way.
struct Block {
  std::vector<Thread> stock;  // of threads: at least the block's, kept for their stacks
  Threads threads;
  Thread* current = nullptr;
  ucontext_t scheduler{};
  const std::function<void()>* body = nullptr;
  std::string failure;
} block;

Threads warp_of(std::size_t thread) {
  const std::size_t first = thread / kWarp * kWarp;
  return block.threads.subspan(first, std::min<std::size_t>(kWarp, block.threads.size() - first));
}

std::size_t number() {
  return static_cast<std::size_t>(block.current - block.threads.data());
}

std::vector<unsigned> shuffled(std::size_t n) {
  static std::mt19937 random;
  std::vector<unsigned> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::shuffle(order, random);
  return order;
}

// From a thread back to the scheduler, until that finds it ready again.
void wait(State state) {
  block.current->state = state;
  ::swapcontext(&block.current->context, &block.scheduler);
}

void fail(const std::string& what) {
  block.failure = what;
  wait(State::kDone);
}

void run_thread() {
  (*block.body)();
  wait(State::kDone);
}

void prepare(Thread& thread, dim3 index) {
  thread.index = index;
  thread.state = State::kReady;
  ::getcontext(&thread.context);
  thread.context.uc_stack.ss_sp = thread.stack.get();
  thread.context.uc_stack.ss_size = kStackBytes;
  ::makecontext(&thread.context, &run_thread, 0);
}

// A turn for each thread that is ready; false where none is.
bool run_ready(Threads warp) {
  bool any = false;
  for (const unsigned lane : shuffled(warp.size())) {
    if (warp[lane].state != State::kReady) continue;
    block.current = &warp[lane];
    threadIdx = warp[lane].index;
    ::swapcontext(&block.scheduler, &warp[lane].context);
    any = true;
  }
  return any;
}

bool all_at_barrier(Threads warp, unsigned lanes) {
  for (unsigned i = 0; i < kWarp; ++i) {
    if ((lanes >> i & 1U) == 0) continue;
    if (i >= warp.size() || warp[i].state != State::kAtWarpBarrier || warp[i].lanes != lanes) return false;
  }
  return true;
}

// Lets those go on whose barrier all of its lanes have reached.
void release(Threads warp) {
  for (const Thread& thread : warp) {
    if (thread.state != State::kAtWarpBarrier || !all_at_barrier(warp, thread.lanes)) continue;
    for (unsigned i = 0, lanes = thread.lanes; i < kWarp; ++i) {
      if ((lanes >> i & 1U) != 0) warp[i].state = State::kReady;
    }
  }
}

// One warp after the other, each as far as it gets alone.
void run_warps() {
  for (const unsigned w : shuffled((block.threads.size() + kWarp - 1) / kWarp)) {
    const Threads warp = warp_of(std::size_t{w} * kWarp);
    while (run_ready(warp)) release(warp);
  }
}

bool all_are(State state) {
  return std::ranges::all_of(block.threads, [&](const Thread& thread) { return thread.state == state; });
}

void run_block(dim3 shape) {
  if (block.stock.size() < size(shape)) block.stock = std::vector<Thread>(size(shape));
  block.threads = Threads(block.stock).first(size(shape));
  block.failure.clear();
  for (unsigned i = 0; i < size(shape); ++i) prepare(block.threads[i], dim3(i % shape.x, i / shape.x));
  run_warps();
  while (all_are(State::kAtBlockBarrier)) {
    for (Thread& thread : block.threads) thread.state = State::kReady;
    run_warps();
  }
  if (block.failure.empty() && !all_are(State::kDone)) block.failure = "a barrier that some never reach";
  if (!block.failure.empty()) throw std::logic_error("in a kernel: " + block.failure);
}

}  // namespace

// Host threads take turns: there is one of everything here.
void run(dim3 blocks, dim3 threads, const std::function<void()>& thread) {
  static std::mutex turn;
  const std::lock_guard lock(turn);
  gridDim = blocks;
  blockDim = threads;
  block.body = &thread;
  for (const unsigned b : shuffled(size(blocks))) {
    blockIdx = dim3(b % blocks.x, b / blocks.x);
    run_block(threads);
  }
}

unsigned lane() {
  return static_cast<unsigned>(number() % kWarp);
}

void wait_for_block() {
  wait(State::kAtBlockBarrier);
}

void wait_for_warp(unsigned lanes) {
  if ((lanes >> lane() & 1U) == 0) fail("a thread is at a warp's barrier that is not for its lane");
  block.current->lanes = lanes;
  wait(State::kAtWarpBarrier);
}

std::uint64_t exchange(unsigned lanes, std::uint64_t value, unsigned source) {
  if (source >= kWarp || (lanes >> source & 1U) == 0) fail("a lane reads from one that takes no part");
  block.current->handed_in = value;
  wait_for_warp(lanes);  // all have handed in
  const std::uint64_t result = warp_of(number())[source].handed_in;
  wait_for_warp(lanes);  // all have read
  return result;
}

}  // namespace emulator
