#include "serving/calls/work_queue.hpp"

#include <utility>

namespace millrace {

WorkQueue::WorkQueue(const WorkQueueOptions& options, Work work) : options_(options), work_(std::move(work)) {
  for (std::size_t i = 0; i < options.threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkQueue::~WorkQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    if (options_.drop_at_end) waiting_.clear();
  }
  changed_.notify_all();
}

bool WorkQueue::add(CallLease& call) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= options_.capacity || ending_) return false;
    waiting_.push_back({std::move(call), Call::Clock::now()});
  }
  changed_.notify_one();
  return true;
}

void WorkQueue::run() {
  for (;;) {
    Batch batch = take_batch();
    if (batch.empty()) return;
    work_(std::move(batch));
  }
}

std::size_t WorkQueue::rows_like_first() const {
  std::size_t rows = 0;
  const ServedModel* model = waiting_.front().call->arm->model.get();
  for (const Waiting& waiting : waiting_) {
    if (waiting.call->arm->model.get() == model) rows += waiting.call->rows();
  }
  return rows;
}

// While another thread takes what waits, there may be nothing left.
void WorkQueue::wait_for_more(std::unique_lock<std::mutex>& lock) {
  const auto until = waiting_.front().since + options_.max_delay;
  changed_.wait_until(
      lock, until, [this] { return ending_ || waiting_.empty() || rows_like_first() >= options_.max_rows; });
}

// Empty when the queue ends.
WorkQueue::Batch WorkQueue::take_batch() {
  std::unique_lock lock(mutex_);
  Batch batch;
  while (batch.empty()) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return batch;
    if (options_.max_delay.count() > 0) wait_for_more(lock);
    if (waiting_.empty()) continue;
    const ServedModel* model = waiting_.front().call->arm->model.get();
    std::size_t rows = 0;
    for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
      const bool fits = batch.empty() || rows + waiting->call->rows() <= options_.max_rows;
      if (waiting->call->arm->model.get() != model || !fits) {
        ++waiting;
        continue;
      }
      rows += waiting->call->rows();
      batch.push_back(std::move(waiting->call));
      waiting = waiting_.erase(waiting);
      if (rows >= options_.max_rows) break;
    }
  }
  return batch;
}

}  // namespace millrace
