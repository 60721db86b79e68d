// Scores requests by the candidate beside the version that has answered them, and counts how far apart the
// two are. On a thread of its own; where it cannot keep up, requests are left out and counted. Internal to
// serving/.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "serving/calls/call.hpp"

namespace millrace {

class Shadow {
 public:
  Shadow();
  ~Shadow();  // what waits is left out
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  // `candidate` is one of the call's arms.
  void add(CallLease call, const Arm& candidate);

 private:
  struct Waiting {
    CallLease call;
    const Arm* candidate;
  };
  static constexpr std::size_t kMostWaiting = 256;
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace millrace
