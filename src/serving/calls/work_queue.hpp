// Calls that wait to be scored on other threads: so that several are scored in one forward pass, or that a
// slow version does not hold up the others. Bounded. Internal to serving/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "serving/calls/call.hpp"

namespace millrace {

struct WorkQueueOptions {
  std::size_t threads = 1;
  std::size_t capacity = 1024;             // calls that wait
  std::size_t max_rows = 1;                // in a batch; a larger call is a batch of its own
  std::chrono::microseconds max_delay{0};  // that the first call of a batch waits for others
  bool drop_at_end = false;                // of what waits then, instead of doing it
};

class WorkQueue {
 public:
  using Batch = std::vector<CallLease>;  // all of one arm's model
  // Called on the queue's threads; throws nothing.
  using Work = std::function<void(Batch)>;

  WorkQueue(const WorkQueueOptions& options, Work work);
  ~WorkQueue();  // when all that waits is done, or dropped
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // False, and the call is as it was, where as many wait as may.
  [[nodiscard]] bool add(CallLease& call);

 private:
  struct Waiting {
    CallLease call;
    Call::Clock::time_point since;
  };
  void run();
  [[nodiscard]] Batch take_batch();
  [[nodiscard]] std::size_t rows_like_first() const;
  void wait_for_more(std::unique_lock<std::mutex>& lock);

  WorkQueueOptions options_;
  Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace millrace
