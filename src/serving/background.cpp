#include "serving/background.hpp"

#include <utility>

namespace millrace {

Background::Background(std::chrono::milliseconds interval, Job regular)
    : interval_(interval), regular_(std::move(regular)), thread_([this] { run(); }) {}

Background::~Background() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
}

void Background::add(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

void Background::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait_for(lock, interval_, [this] { return ending_ || !jobs_.empty(); });
    if (ending_ && jobs_.empty()) return;
    Job job = regular_;
    if (!jobs_.empty()) {
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace millrace
