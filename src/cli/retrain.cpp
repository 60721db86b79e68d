#include "cli/retrain.hpp"

#include <algorithm>
#include <filesystem>

#include "base/log.hpp"
#include "base/time.hpp"
#include "pipeline/ledger.hpp"

namespace millrace {

RetrainOutcome retrain_now(const PipelineConfig& config, const po::variables_map& values,
                           const RetrainCause& cause) {
  return retrain(config, std::filesystem::absolute(text_of(values, "config")).string(), cause);
}

std::vector<Json> runs_of(const PipelineConfig& config) {
  std::vector<Json> runs = list_runs(Workspace(config.workspace));
  std::erase_if(runs, [&](const Json& run) { return run.at("pipeline") != config.name; });
  return runs;
}

std::optional<RetrainCause> cause_by_schedule(const RetrainConfig& rules, const std::vector<Json>& runs,
                                              const std::vector<BegunRetraining>& begun) {
  if (rules.every <= 0) return std::nullopt;
  const std::string started = runs.empty() ? "" : runs.front().at("started").get<std::string>();
  double last = started.empty() ? 0 : parse_rfc3339(started);
  for (const BegunRetraining& one : begun) {
    if (!one.failed) last = std::max(last, one.time);
  }
  if (parse_rfc3339(now_rfc3339()) - last < rules.every) return std::nullopt;
  return RetrainCause{"schedule", started.empty() ? "there has been no run" : "the last run began " + started,
                      "", nullptr};
}

void print_outcome(const RetrainOutcome& outcome, bool as_json) {
  if (as_json) return fmt::print("{}", pretty_json({{"begun", outcome.begun}, {"said", outcome.said}}));
  fmt::print("{}: {}\n", outcome.begun ? "retraining" : "no retraining", outcome.said);
}

}  // namespace millrace
