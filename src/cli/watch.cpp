#include "cli/watch.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/retrain.hpp"
#include "comm/communicator.hpp"
#include "pipeline/budget_gate.hpp"

namespace millrace {

namespace {

double wall_clock() {
  return parse_rfc3339(now_rfc3339());
}

std::vector<std::string> places_of(const std::vector<WatchedContent>& contents) {
  std::vector<std::string> places;
  for (const WatchedContent& content : contents) places.push_back(content.place);
  return places;
}

// Those of which nothing is known any more have failed from now on.
void give_up_lost(const PipelineConfig& config, PipelinePast& past) {
  for (const BegunRetraining& lost : lost_retrainings(past, config.monitoring.retrain, wall_clock())) {
    note_failed(config, lost, "whoever began it was killed, and no run has come of it");
    std::ranges::find(past.begun, lost.number, &BegunRetraining::number)->failed = true;
  }
}

PipelinePast past_of(const PipelineConfig& config) {
  PipelinePast past{begun_retrainings(config.workspace, config.name), contents_of_dataset(config),
                    runs_of(config)};
  give_up_lost(config, past);
  return past;
}

bool are_too_few(double rows, const RetrainConfig& rules) {
  return rules.rows > 0 && rows > 0 && rows < static_cast<double>(rules.rows);
}

std::string too_few(double rows, const RetrainConfig& rules) {
  return fmt::format("about {:.0f} new rows; monitoring.retrain.rows is {}", rows, rules.rows);
}

// A retraining reads all that data.source names, so it waits for what is incomplete as well.
std::string obstacle_to(const RetrainCause& cause, const PipelineConfig& config, const PipelinePast& past,
                        const WatchReport& report) {
  const RetrainConfig& rules = config.monitoring.retrain;
  if (rules.action == "none") return "monitoring.retrain.action is none";
  if (!report.incomplete.empty()) return "not complete yet: " + named_files(report.incomplete);
  const bool in_doubt = std::ranges::any_of(report.contents, [&](const WatchedContent& content) {
    return fate_of(content.digest, past) == Fate::kInDoubt;
  });
  if (in_doubt) return "one has begun for these data, and how it ends is not known yet";
  if (auto wait = wait_after_failures(past.begun, wall_clock()); !wait.empty()) return wait;
  return obstacle_to_retraining(past.begun, rules, wall_clock(), cause.id);
}

}  // namespace

Json to_document(const WatchReport& report) {
  return {{"new", report.contents},
          {"incomplete", report.incomplete},
          {"begun", report.begun},
          {"said", report.said}};
}

std::string report_text(const WatchReport& report) {
  std::string text;
  double bytes = 0;
  for (const WatchedContent& content : report.contents) bytes += static_cast<double>(content.bytes);
  if (bytes > 0)
    text += fmt::format("new: {} ({})\n", named_files(places_of(report.contents)), human_bytes(bytes));
  if (!report.incomplete.empty())
    text += fmt::format("not complete yet: {}\n", named_files(report.incomplete));
  if (!report.said.empty())
    text += fmt::format("{}: {}\n", report.begun ? "retraining" : "no retraining", report.said);
  return text;
}

WatchReport Watcher::look() {
  const DataLook look = watch_.look();
  if (look.contents.empty() && config_.monitoring.retrain.every <= 0) return {{}, look.incomplete};
  const PipelinePast past = past_of(config_);
  WatchReport report{still_new(look.contents, past), look.incomplete};
  follow(report, past);
  return report;
}

std::vector<WatchedContent> Watcher::still_new(std::vector<WatchedContent> contents,
                                               const PipelinePast& past) {
  std::set<std::string> taken;
  for (const WatchedContent& content : contents) {
    if (fate_of(content.digest, past) == Fate::kTaken) taken.insert(content.digest);
  }
  if (!taken.empty()) watch_.take(taken);
  std::erase_if(contents, [&](const WatchedContent& content) { return taken.contains(content.digest); });
  return contents;
}

void Watcher::follow(WatchReport& report, const PipelinePast& past) const {
  const RetrainConfig& rules = config_.monitoring.retrain;
  const double rows = rows_in(report.contents, past.dataset);
  std::optional<RetrainCause> cause;
  if (!report.contents.empty() && !are_too_few(rows, rules)) cause = cause_of(report.contents);
  if (!cause) cause = cause_by_schedule(rules, past.runs, past.begun);
  if (cause) {
    report.said = obstacle_to(*cause, config_, past, report);
  } else if (!report.contents.empty()) {
    report.said = too_few(rows, rules);
  }
  if (!cause || !report.said.empty()) return;
  (void)ask_budgets(Communicator::self(), config_, {});
  const RetrainOutcome outcome = retrain_now(config_, values_, *cause);
  report.begun = outcome.begun;
  report.said = outcome.said;
}

}  // namespace millrace
