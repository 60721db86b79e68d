#include "monitoring/new_data.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/time.hpp"
#include "ingestion/partitions.hpp"
#include "versions/history.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

constexpr double kFirstWait = 600;  // seconds; a run is in the ledger within a few
constexpr double kLongestWait = 86400;
constexpr std::size_t kNamedFiles = 3;

const BegunRetraining* last_for(const std::string& content, const std::vector<BegunRetraining>& begun) {
  const auto found = std::find_if(begun.rbegin(), begun.rend(),
                                  [&](const BegunRetraining& one) { return one.contents.contains(content); });
  return found == begun.rend() ? nullptr : &*found;
}

bool is_since(const Json& run, double time) {
  return parse_rfc3339(run.at("started").get<std::string>()) >= time;
}

bool goes_on(const Json& run) {
  return run.at("status") == "running";
}

// The data were trained on, or refused: another run would say the same.
bool has_answered(const Json& run) {
  const Json& code = run.at("exit_code");
  return code == static_cast<int>(ExitCode::kDone) || code == static_cast<int>(ExitCode::kDataRejected) ||
         code == static_cast<int>(ExitCode::kGateNotPassed);
}

bool any_since(const PipelinePast& past, double time, bool (*is)(const Json& run)) {
  return std::ranges::any_of(past.runs, [&](const Json& run) { return is_since(run, time) && is(run); });
}

bool is_in_doubt(const BegunRetraining& one) {
  return !one.failed && !one.started;
}

}  // namespace

DatasetContents contents_of_dataset(const PipelineConfig& config) {
  const Workspace workspace(config.workspace);
  const std::string branch = config.data.branch.empty() ? kMainBranch : config.data.branch;
  const auto version = History(workspace, config.name).state().head(branch);
  if (!version || !workspace.has_object(*version)) return {};
  const Dataset dataset = read_dataset(workspace, *version);
  DatasetContents contents;
  double bytes = 0;
  for (const SourceFile& source : dataset.sources) {
    contents.digests.insert(source.digest.hex());
    bytes += static_cast<double>(source.bytes);
  }
  if (dataset.rows() > 0) contents.bytes_per_row = bytes / static_cast<double>(dataset.rows());
  return contents;
}

Fate fate_of(const std::string& content, const PipelinePast& past) {
  const BegunRetraining* last = last_for(content, past.begun);
  if (last == nullptr) return past.dataset.digests.contains(content) ? Fate::kTaken : Fate::kNew;
  if (last->started || any_since(past, last->time, has_answered)) return Fate::kTaken;
  if (is_in_doubt(*last) || any_since(past, last->time, goes_on)) return Fate::kInDoubt;
  return Fate::kNew;
}

std::vector<BegunRetraining> lost_retrainings(const PipelinePast& past, const RetrainConfig& rules,
                                              double now) {
  const bool is_plain_run = rules.action == "run" && rules.command.empty();
  // A job may wait long before it leaves a trace, and a command leaves none.
  const double patience = is_plain_run ? kFirstWait : std::max(kFirstWait, rules.cooldown);
  std::vector<BegunRetraining> lost;
  std::ranges::copy_if(past.begun, std::back_inserter(lost), [&](const BegunRetraining& one) {
    return is_in_doubt(one) && !one.contents.empty() && std::abs(now - one.time) >= patience &&
           !any_since(past, one.time, has_answered) && !any_since(past, one.time, goes_on);
  });
  return lost;
}

std::string wait_after_failures(const std::vector<BegunRetraining>& begun, double now) {
  const auto sound = std::find_if(begun.rbegin(), begun.rend(), [](const auto& one) { return !one.failed; });
  const auto failures = static_cast<double>(sound - begun.rbegin());
  if (failures == 0) return "";
  const double wait = std::min(kLongestWait, kFirstWait * std::exp2(failures - 1));
  if (std::abs(now - begun.back().time) >= wait) return "";
  return fmt::format("the last {} failed; the next may begin {:.0f} min after that",
                     failures == 1 ? "one" : fmt::format("{}", failures), wait / 60);
}

double rows_in(const std::vector<WatchedContent>& contents, const DatasetContents& dataset) {
  if (dataset.bytes_per_row <= 0) return 0;
  double bytes = 0;
  for (const WatchedContent& content : contents) bytes += static_cast<double>(content.bytes);
  return std::round(bytes / dataset.bytes_per_row);
}

RetrainCause cause_of(const std::vector<WatchedContent>& contents) {
  std::vector<std::string> places;
  std::set<std::string> digests;
  for (const WatchedContent& content : contents) {
    places.push_back(content.place);
    digests.insert(content.digest);
  }
  return {"data",
          named_files(places),
          digest_of(join({digests.begin(), digests.end()}, "\n")).hex(),
          {{"files", contents}}};
}

std::string named_files(const std::vector<std::string>& places) {
  std::vector<std::string> names;
  for (const std::string& place : places) {
    if (names.size() < kNamedFiles) names.push_back(source_name(place));
  }
  const std::string others =
      places.size() > names.size() ? fmt::format(" and {} more", places.size() - names.size()) : "";
  return fmt::format("{} {}: {}{}", places.size(), places.size() == 1 ? "file" : "files", join(names, ", "),
                     others);
}

}  // namespace millrace
