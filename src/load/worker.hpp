// One thread's share of a load: its connections, its schedule, what came of it. Internal to load/.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "load/connection.hpp"
#include "load/load.hpp"

namespace millrace::load {

inline std::uint64_t nanoseconds(double seconds) {
  return static_cast<std::uint64_t>(seconds * 1e9);
}

class Worker {
 public:
  using Clock = std::chrono::steady_clock;

  // `thread` of plan.threads. Whoever fails sets `abandoned`, on which the others end early.
  Worker(const LoadPlan& plan, const Address& address, unsigned thread, Clock::time_point start,
         std::atomic<bool>& abandoned);
  LoadResult run();  // once

 private:
  using Nanoseconds = std::uint64_t;  // since the start
  struct Slot {
    Connection connection;
    bool has_answered = false;  // since it was opened
    Nanoseconds changed = 0;    // when it was closed, or began to connect
  };

  [[nodiscard]] Nanoseconds now() const;
  [[nodiscard]] bool is_over();
  void work();

  void open(std::uint32_t slot);
  void lose(std::uint32_t slot);
  std::optional<std::uint32_t> take_idle();
  void ask_due();
  void ask_when_due(Nanoseconds at);
  void ask(std::uint32_t slot, Nanoseconds due);

  void wait();
  [[nodiscard]] Nanoseconds patience() const;
  void handle(std::uint32_t slot, Connection::Event event);
  void on_answer(std::uint32_t slot);
  void fail(std::uint32_t slot, Failure failure);
  void look_after_connections();
  void look_after(std::uint32_t slot, Nanoseconds at);
  void count_unsent(Nanoseconds due);
  [[nodiscard]] Interval* interval_at(Nanoseconds at);

  const LoadPlan& plan_;
  const Address& address_;
  const Clock::time_point start_;
  std::atomic<bool>& abandoned_;
  UniqueFd epoll_;
  std::vector<Slot> slots_;
  std::deque<std::uint32_t> idle_;  // longest first; may name some that no longer are
  std::optional<Schedule> schedule_;
  std::size_t next_request_;
  std::size_t busy_ = 0;

  Nanoseconds begin_;  // of what counts
  Nanoseconds end_;
  bool ended_ = false;
  Nanoseconds looked_after_ = 0;
  Nanoseconds last_up_ = 0;  // when a connection was last seen to be there
  int last_error_ = 0;
  std::unique_ptr<LoadResult> result_ = std::make_unique<LoadResult>();
};

}  // namespace millrace::load
