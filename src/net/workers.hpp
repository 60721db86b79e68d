// The threads that serve connections: each with an io_context of its own, so that a connection's handlers
// never meet and need neither strand nor lock. Internal to net/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace millrace {

class Workers {
 public:
  // `cores`: thread i runs on the (i mod size)th of them alone. Throws kUsage for cores that this process may
  // not use.
  Workers(std::uint32_t threads, std::vector<std::uint32_t> cores);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] boost::asio::io_context& first() { return ios_.front(); }
  // In turn; for one thread.
  [[nodiscard]] boost::asio::io_context& next();

  // `on_fault` is told what a handler has thrown.
  void start(std::function<void(std::exception_ptr)> on_fault);
  // Each thread ends once it has nothing left to do. To be called on one of them.
  void let_end() { guards_.clear(); }
  // Waits for their end, at most so long; false where something was left to do. They have ended then.
  bool finish(std::chrono::seconds limit);

 private:
  using Io = boost::asio::io_context;
  void run(std::size_t index);

  std::vector<std::uint32_t> cores_;
  std::deque<Io> ios_;
  std::size_t turn_ = 0;
  std::vector<boost::asio::executor_work_guard<Io::executor_type>> guards_;
  std::function<void(std::exception_ptr)> on_fault_;

  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace millrace
