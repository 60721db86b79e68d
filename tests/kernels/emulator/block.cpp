#include "kernels/emulator/block.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <random>
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
  unsigned lanes = 0;           // that a warp barrier is for
  std::uint64_t handed_in = 0;  // to exchange()
  std::unique_ptr<char[]> stack = std::make_unique_for_overwrite<char[]>(kStackBytes);
  ucontext_t context{};
};

class Block {
 public:
  void run(dim3 shape, const std::function<void()>& body);

  Thread& current() { return *current_; }
  unsigned number() const { return static_cast<unsigned>(current_ - threads_.data()); }
  Thread* lane(unsigned i);  // of the current thread's warp; null where there is no such thread
  void wait(State state);
  void fail(const std::string& what);

 private:
  static void enter();
  void prepare(unsigned number, dim3 shape);
  void resume(Thread& thread);
  bool run_ready();
  bool release();
  bool release_warp(Thread& thread);

  std::vector<Thread> threads_;  // kept for the next block, for their stacks
  std::vector<unsigned> order_;  // of the threads in use
  std::mt19937 random_;
  ucontext_t scheduler_{};
  Thread* current_ = nullptr;
  const std::function<void()>* body_ = nullptr;
  std::string failure_;
};

Block& block() {
  static Block only;
  return only;
}

void Block::enter() {
  (*block().body_)();
  block().wait(State::kDone);
}

void Block::prepare(unsigned number, dim3 shape) {
  Thread& thread = threads_[number];
  thread.index = dim3(number % shape.x, number / shape.x);
  thread.state = State::kReady;
  ::getcontext(&thread.context);
  thread.context.uc_stack.ss_sp = thread.stack.get();
  thread.context.uc_stack.ss_size = kStackBytes;
  thread.context.uc_link = nullptr;
  ::makecontext(&thread.context, &Block::enter, 0);
}

void Block::run(dim3 shape, const std::function<void()>& body) {
  body_ = &body;
  failure_.clear();
  if (threads_.size() < size(shape)) threads_ = std::vector<Thread>(size(shape));
  order_.resize(size(shape));
  std::iota(order_.begin(), order_.end(), 0U);
  for (const unsigned number : order_) prepare(number, shape);
  while (run_ready() || release()) {
  }
  const bool done =
      std::ranges::all_of(order_, [&](unsigned t) { return threads_[t].state == State::kDone; });
  if (failure_.empty() && !done) failure_ = "a barrier that other threads never reach";
  if (!failure_.empty()) throw std::logic_error("block " + std::to_string(blockIdx.x) + ": " + failure_);
}

bool Block::run_ready() {
  bool any = false;
  std::ranges::shuffle(order_, random_);
  for (const unsigned number : order_) {
    if (threads_[number].state != State::kReady || !failure_.empty()) continue;
    resume(threads_[number]);
    any = true;
  }
  return any;
}

void Block::resume(Thread& thread) {
  current_ = &thread;
  threadIdx = thread.index;
  ::swapcontext(&scheduler_, &thread.context);
}

void Block::wait(State state) {
  current_->state = state;
  ::swapcontext(&current_->context, &scheduler_);
}

void Block::fail(const std::string& what) {
  failure_ = what;
  wait(State::kDone);
}

// Lets those go on whose barrier all have reached; false where there are none.
bool Block::release() {
  if (!failure_.empty()) return false;
  const auto at_barrier = [&](unsigned t) { return threads_[t].state == State::kAtBlockBarrier; };
  if (std::ranges::all_of(order_, at_barrier)) {
    for (const unsigned number : order_) threads_[number].state = State::kReady;
    return true;
  }
  bool any = false;
  for (const unsigned number : order_) any |= release_warp(threads_[number]);
  return any;
}

bool Block::release_warp(Thread& thread) {
  if (thread.state != State::kAtWarpBarrier) return false;
  current_ = &thread;
  std::vector<Thread*> all;
  for (unsigned i = 0; i < kWarp; ++i) {
    if ((thread.lanes >> i & 1U) == 0) continue;
    all.push_back(lane(i));
    const bool here = all.back() != nullptr && all.back()->state == State::kAtWarpBarrier;
    if (!here || all.back()->lanes != thread.lanes) return false;
  }
  for (Thread* each : all) each->state = State::kReady;
  return true;
}

Thread* Block::lane(unsigned i) {
  const std::size_t other = number() / kWarp * kWarp + i;
  return other < order_.size() ? &threads_[other] : nullptr;
}

}  // namespace

void run(dim3 blocks, dim3 threads, const std::function<void()>& thread) {
  static std::mt19937 random;
  std::vector<std::size_t> order(size(blocks));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, random);
  gridDim = blocks;
  blockDim = threads;
  for (const std::size_t b : order) {
    blockIdx = dim3(static_cast<unsigned>(b % blocks.x), static_cast<unsigned>(b / blocks.x));
    block().run(threads, thread);
  }
}

unsigned lane() {
  return block().number() % kWarp;
}

void wait_for_block() {
  block().wait(State::kAtBlockBarrier);
}

void wait_for_warp(unsigned lanes) {
  if ((lanes >> lane() & 1U) == 0) block().fail("a thread is at a warp's barrier that is not for its lane");
  block().current().lanes = lanes;
  block().wait(State::kAtWarpBarrier);
}

std::uint64_t exchange(unsigned lanes, std::uint64_t value, unsigned source) {
  if (source >= kWarp || (lanes >> source & 1U) == 0)
    block().fail("a lane reads from one that takes no part");
  block().current().handed_in = value;
  wait_for_warp(lanes);  // all have handed in
  const std::uint64_t result = block().lane(source)->handed_in;
  wait_for_warp(lanes);  // all have read
  return result;
}

}  // namespace emulator
