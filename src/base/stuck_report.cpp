#include "base/stuck_report.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/host.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShownRanks = 64;

double seconds_since(SteadyTime time) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - time).count();
}

// "write of 1.2 MB to 'x.h5'"
std::string in_words(const std::string& operation, std::uint64_t bytes, const std::string& path) {
  std::string words = operation;
  if (bytes > 0) words += " of " + human_bytes(static_cast<double>(bytes));
  if (!path.empty()) words += " on '" + path + "'";
  return words;
}

std::string line_of(std::size_t rank, const PositionBoard::Entry& entry) {
  const Json& said = entry.record;
  if (said.is_null()) return fmt::format("\n  rank {}: has said nothing", rank);
  const auto operation = said["operation"].get<std::string>();
  std::string where = "at work";
  if (!operation.empty()) {
    where = in_words(operation, said["bytes"].get<std::uint64_t>(), said["path"].get<std::string>()) +
            " for " + human_seconds(said["seconds"].get<double>());
  }
  return fmt::format("\n  rank {} on {}, stage {}: {}{}", rank, said["host"].get<std::string>(),
                     said["stage"].get<std::string>(), where,
                     entry.silent ? ", then silent since " + said["time"].get<std::string>() : "");
}

}  // namespace

Json position_record(int rank) {
  const auto positions = current_positions();
  const auto longest = std::min_element(positions.begin(), positions.end(),
                                        [](const auto& a, const auto& b) { return a.since < b.since; });
  const Position here = longest == positions.end() ? Position{} : *longest;
  return {{"rank", rank},
          {"host", host_name()},
          {"time", now_rfc3339()},
          {"stage", current_stage()},
          {"operation", here.operation},
          {"bytes", here.bytes},
          {"path", here.path},
          {"seconds", here.operation.empty() ? 0 : seconds_since(here.since)},
          {"operations", operations_begun()},
          {"cpu_seconds", processor_seconds()}};
}

std::string stuck_report(int rank, const Position& position, double limit,
                         const std::vector<PositionBoard::Entry>& entries) {
  const bool file = position.kind == Blocking::kFile;
  const Error error(
      Topic::kDeadline,
      "rank {} on {}, stage {}: {} lasts longer than {} (deadlines.{}): {}. The job ends; run it again to go "
      "on "
      "from what is recorded",
      rank, host_name(), current_stage(), in_words(position.operation, position.bytes, position.path),
      human_seconds(limit), file ? "file" : "collective",
      file ? "the file system does not answer" : "another rank does not come");
  std::string report = error.message();
  if (!entries.empty()) report += ". Where each rank was last:";
  for (std::size_t r = 0; r < std::min(entries.size(), kShownRanks); ++r) report += line_of(r, entries[r]);
  if (entries.size() > kShownRanks) {
    report +=
        fmt::format("\n  and {} more in the run's folder, under positions", entries.size() - kShownRanks);
  }
  return report + "\n" + where_explained(error);
}

}  // namespace millrace
