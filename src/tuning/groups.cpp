#include "tuning/groups.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/topics.hpp"

namespace millrace::tuning {

namespace {

using Pause = std::chrono::milliseconds;
constexpr Pause kShortestPause(5);
constexpr Pause kLongestPause(500);

bool is_the_trials_own(const Error& error) {
  return error.code() == ExitCode::kUsage || error.code() == ExitCode::kDataRejected ||
         error.topic() == Topic::kGpuFailed || error.topic() == Topic::kOutOfMemory;
}

Result failed_result(const Error& error) {
  Result result;
  result.error = error.message();
  return result;
}

class Group {
 public:
  Group(const Communicator& group, SearchJournal& journal, const RunSegment& run)
      : group_(group), journal_(journal), run_(run) {}

  void work() {
    for (std::optional<Segment> segment = next(); segment; segment = next()) {
      const Result result = run(*segment);
      group_.agree([&] {
        if (group_.is_root()) journal_.finish(*segment, result);
      });
    }
  }

 private:
  // The same on all ranks of the group; nothing where there is no more to do.
  std::optional<Segment> next() {
    std::string text = group_.agree([&] { return group_.is_root() ? Json(wait()).dump() : std::string(); });
    group_.broadcast(text);
    const Json json = Json::parse(text);
    return json.empty() ? std::nullopt : std::optional(json.at(0).get<Segment>());
  }

  // On the first rank. A segment is taken whole or not at all: nothing is to be given back.
  std::vector<Segment> wait() {
    for (Pause pause = kShortestPause;; pause = std::min(2 * pause, kLongestPause)) {
      if (time_is_up()) return {};
      if (stop_requested()) throw Error(Topic::kStopped, "stopped between two trials; run again to go on");
      const std::optional<Segment> segment = journal_.claim();
      if (segment) return {*segment};
      const Search& search = journal_.search();
      if (search.is_over() || search.is_spent() || journal_.is_halted()) return {};
      std::this_thread::sleep_for(pause);
    }
  }

  Result run(const Segment& segment) {
    try {
      return run_(group_, segment);
    } catch (...) {
      const Error error = current_error();
      if (!is_the_trials_own(error)) throw Error(error);
      if (group_.is_root()) log_warning("trial {} failed: {}", segment.trial, error.message());
      return failed_result(error);
    }
  }

  const Communicator& group_;
  SearchJournal& journal_;
  const RunSegment& run_;
};

// Collective: a stop that nobody asked for. Ranks do not find at the same moment that time is up.
bool is_end_of_time(const Communicator& comm) {
  const bool asked = comm.any(stop_requested() && !time_is_up());
  return comm.any(time_is_up()) && !asked;
}

// Others learn of it at their next segment.
void tell_others(SearchJournal& journal, const Error& error) {
  try {
    journal.halt(error.message());
  } catch (...) {
    log_loss(current_error());
  }
}

}  // namespace

void require_whole_groups(int ranks, int ranks_per_trial) {
  if (ranks % ranks_per_trial == 0) return;
  throw Error(Topic::kContradiction,
              "tuning.ranks_per_trial ({}) does not divide the {} ranks of this job: some would be idle",
              ranks_per_trial, ranks);
}

void run_groups(const Communicator& comm, int ranks_per_trial, SearchJournal& journal,
                const RunSegment& run) {
  require_whole_groups(comm.size(), ranks_per_trial);
  const Communicator group = comm.split(comm.rank() / ranks_per_trial);
  std::optional<Error> failure;
  try {
    Group(group, journal, run).work();
  } catch (...) {
    failure = current_error();
    if (group.is_root() && !time_is_up()) tell_others(journal, *failure);
  }
  const bool out_of_time = is_end_of_time(comm);
  if (failure && failure->code() == ExitCode::kStopped && out_of_time) failure.reset();
  comm.agree([&] {
    if (failure) throw Error(*failure);
  });
}

}  // namespace millrace::tuning
