#include "base/watchdog.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/stuck_report.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

constexpr double kLongestTick = 0.5;
constexpr double kLongestBeat = 30;
constexpr double kSuspended = 5;  // seconds without a tick that no busy machine explains
constexpr double kFileSystemAnswers = 3;
constexpr double kOthersMayReport = 10;  // for the rank that reports to end this one as well

Watchdog* of_this_process = nullptr;
Deadlines of_this_run;

double shortest(const Deadlines& deadlines) {
  double seconds = 10 * kLongestBeat;
  for (const double limit : {deadlines.collective, deadlines.file}) {
    if (limit > 0) seconds = std::min(seconds, limit);
  }
  return seconds;
}

// By a plain write: the log's lock may be held by the very call that hangs.
void say(const std::string& message) {
  const std::string line = "millrace: error: " + message + "\n";
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;  // nobody is left to be told
}

// Whoever read the launcher's output may be gone with it: then there is nobody to tell, and still work to do.
void block_broken_pipes() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

Watchdog::Watchdog(int rank, int size, bool has_launcher, Ends ends)
    : rank_(rank),
      size_(size),
      launcher_(has_launcher ? ::getppid() : 0),
      ends_(std::move(ends)),
      operations_(file_operations()),
      installed_(operations_),
      thread_([this] { live(); }) {
  of_this_process = this;
}

Watchdog::~Watchdog() {
  of_this_process = nullptr;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Watchdog::set(const Deadlines& deadlines) {
  const std::lock_guard lock(mutex_);
  deadlines_ = deadlines;
}

void Watchdog::share_positions(const std::string& folder) {
  if (size_ == 1) return;
  const std::lock_guard lock(mutex_);
  const double beat = std::min(kLongestBeat, shortest(deadlines_) / 10);
  board_ = std::make_unique<PositionBoard>(folder, rank_, size_, beat,
                                           [rank = rank_] { return position_record(rank); });
}

void Watchdog::live() {
  block_broken_pipes();
  std::unique_lock lock(mutex_);
  auto last = Clock::now();
  while (!ending_) {
    const double tick = std::min(kLongestTick, shortest(deadlines_) / 10);
    wake_.wait_for(lock, Seconds(tick), [&] { return ending_; });
    const auto now = Clock::now();
    if (now - last > Seconds(tick + kSuspended)) awake_since_ = now;
    last = now;
    if (!ending_) look(now);
  }
}

void Watchdog::look(SteadyTime now) {
  if (launcher_ != 0 && ::getppid() != launcher_) {
    const Error gone(Topic::kLauncherGone,
                     "the launcher (mpirun or srun) of rank {} is gone: the rank ends too", rank_);
    say(gone.message() + "\n" + where_explained(gone));
    ends_.rank(static_cast<int>(gone.code()));
  }
  for (const Position& position : current_positions()) {
    const bool file = position.kind == Blocking::kFile;
    const double limit = file ? deadlines_.file : deadlines_.collective;
    if (limit <= 0) continue;
    const auto since = std::max(position.since, awake_since_);
    if (!file && board_ && now - since > Seconds(limit / 2)) board_->watch_others();
    const auto quiet_since = file ? since : std::max(since, last_move());
    if (now - quiet_since > Seconds(limit)) end_stuck_job(position, limit);
  }
}

// When another rank was last seen to get on.
SteadyTime Watchdog::last_move() const {
  SteadyTime last;
  if (!board_) return last;
  const auto entries = board_->entries();
  for (std::size_t r = 0; r < entries.size(); ++r) {
    if (static_cast<int>(r) != rank_) last = std::max(last, entries[r].moved);
  }
  return last;
}

void Watchdog::end_stuck_job(const Position& position, double limit) const {
  // The lowest rank speaks for all: by its claim, or, where no board is there yet, by ending the others
  // first.
  std::this_thread::sleep_for(Seconds(std::min(rank_ * (board_ ? 0.02 : 0.5), 2.0)));
  if (!board_ || board_->claim_report(kFileSystemAnswers)) {
    say(stuck_report(rank_, position, limit,
                     board_ ? board_->entries() : std::vector<PositionBoard::Entry>()));
  } else {
    std::this_thread::sleep_for(Seconds(kOthersMayReport));
  }
  ends_.job(static_cast<int>(ExitCode::kResource));
}

void set_deadlines(const Deadlines& deadlines) {
  of_this_run = deadlines;
  if (of_this_process != nullptr) of_this_process->set(deadlines);
}

void share_positions(const std::string& folder) {
  if (of_this_process != nullptr) of_this_process->share_positions(folder);
}

Deadlines current_deadlines() {
  return of_this_run;
}

}  // namespace millrace
