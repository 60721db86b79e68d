// A thread for what requests must not wait for: looking after endpoints, loading models. Internal to
// serving/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace millrace {

class Background {
 public:
  using Job = std::function<void()>;  // throws nothing

  // Runs `regular` every `interval`, and jobs as they come.
  Background(std::chrono::milliseconds interval, Job regular);
  ~Background();  // after the jobs that wait
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void add(Job job);

 private:
  void run();

  std::chrono::milliseconds interval_;
  Job regular_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace millrace
