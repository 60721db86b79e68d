#include "net/workers.hpp"

#include <pthread.h>
#include <sched.h>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

void check_cores(const std::vector<std::uint32_t>& cores) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  ::sched_getaffinity(0, sizeof(allowed), &allowed);
  for (const std::uint32_t core : cores) {
    if (core >= CPU_SETSIZE || !CPU_ISSET(core, &allowed))
      throw Error(Topic::kCommandLine, "this process may not run on core {}; 'taskset -cp $$' shows where",
                  core);
  }
}

void pin_this_thread(std::uint32_t core) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  ::pthread_setaffinity_np(::pthread_self(), sizeof(one), &one);
}

}  // namespace

Workers::Workers(std::uint32_t threads, std::vector<std::uint32_t> cores) : cores_(std::move(cores)) {
  check_cores(cores_);
  for (std::uint32_t i = 0; i < threads; ++i) {
    guards_.emplace_back(boost::asio::make_work_guard(ios_.emplace_back(1)));
  }
}

Workers::~Workers() {
  finish(std::chrono::seconds(0));
}

boost::asio::io_context& Workers::next() {
  return ios_[turn_++ % ios_.size()];
}

void Workers::start(std::function<void(std::exception_ptr)> on_fault) {
  on_fault_ = std::move(on_fault);
  for (std::size_t i = 0; i < ios_.size(); ++i) {
    {
      const std::lock_guard lock(mutex_);
      ++running_;
    }
    threads_.emplace_back([this, i] { run(i); });
  }
}

void Workers::run(std::size_t index) {
  if (!cores_.empty()) pin_this_thread(cores_[index % cores_.size()]);
  try {
    ios_[index].run();
  } catch (...) {
    on_fault_(std::current_exception());
  }
  const std::lock_guard lock(mutex_);
  --running_;
  ended_.notify_all();
}

bool Workers::finish(std::chrono::seconds limit) {
  bool done = false;
  {
    std::unique_lock lock(mutex_);
    done = ended_.wait_for(lock, limit, [this] { return running_ == 0; });
  }
  if (!done) {
    for (Io& io : ios_) io.stop();
  }
  threads_.clear();  // joins
  return done;
}

}  // namespace millrace
