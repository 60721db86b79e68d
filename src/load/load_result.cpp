#include <algorithm>

#include "load/load.hpp"

namespace millrace::load {

void LoadResult::merge(const LoadResult& other) {
  latency.merge(other.latency);
  service.merge(other.service);
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
  for (std::size_t i = 0; i < failures.size(); ++i) failures[i] += other.failures[i];
  requests += other.requests;
  unsent += other.unsent;
  connect_failures += other.connect_failures;
  timeline.resize(std::max(timeline.size(), other.timeline.size()));
  for (std::size_t i = 0; i < other.timeline.size(); ++i) {
    timeline[i].ok += other.timeline[i].ok;
    timeline[i].other += other.timeline[i].other;
    timeline[i].failed += other.timeline[i].failed;
    timeline[i].slowest = std::max(timeline[i].slowest, other.timeline[i].slowest);
  }
  seconds = std::max(seconds, other.seconds);
  generator_seconds += other.generator_seconds;
  answers += other.answers;
}

double LoadResult::throughput() const {
  std::uint64_t ok = 0;
  for (const Interval& interval : timeline) ok += interval.ok;
  return seconds > 0 ? static_cast<double>(ok) / seconds : 0;
}

}  // namespace millrace::load
