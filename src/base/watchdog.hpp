// Ends a job that has got stuck: a collective or a call on a file that outlasts its deadline, or a launcher
// that is gone. Every rank has one.
//
// A collective waits for other ranks, which may be at long work of their own: its time counts only while no
// rank of the job gets on. The time in which this process was itself stopped (a suspended job) does not
// count.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <sys/types.h>

#include "base/position.hpp"
#include "base/position_board.hpp"
#include "base/watched_files.hpp"

namespace millrace {

struct Deadlines {  // seconds; 0: none
  double collective = 600;
  double file = 600;
};

class Watchdog {
 public:
  // How this process ends, with an exit code; neither returns.
  struct Ends {
    std::function<void(int)> job;   // with all other ranks
    std::function<void(int)> rank;  // alone: its launcher, a process that ranks must not outlive, is gone
  };

  // `has_launcher`: the parent process is one. At most one watchdog in a process.
  Watchdog(int rank, int size, bool has_launcher, Ends ends);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void set(const Deadlines& deadlines);
  // From now on each rank says in this folder, which all of them see, where it is.
  void share_positions(const std::string& folder);

 private:
  void live();
  void look(SteadyTime now);
  [[nodiscard]] SteadyTime last_move() const;
  void end_stuck_job(const Position& position, double limit) const;

  int rank_;
  int size_;
  ::pid_t launcher_;  // 0: none
  Ends ends_;
  WatchedOperations operations_;
  ScopedFileOperations installed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Deadlines deadlines_;
  std::unique_ptr<PositionBoard> board_;
  SteadyTime awake_since_;
  bool ending_ = false;
  std::thread thread_;
};

// The same for this process's watchdog, if it has one.
void set_deadlines(const Deadlines& deadlines);
void share_positions(const std::string& folder);
// For waiting that has a limit of its own (GPUs for each other).
Deadlines current_deadlines();

}  // namespace millrace
