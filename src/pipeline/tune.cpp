#include "pipeline/tune.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>

#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"
#include "cost/affordable.hpp"
#include "evaluation/gate.hpp"
#include "evaluation/metrics.hpp"
#include "pipeline/feature_set.hpp"
#include "pipeline/key.hpp"
#include "pipeline/search_summary.hpp"
#include "pipeline/tuned_trial.hpp"
#include "training/device.hpp"
#include "tuning/groups.hpp"
#include "tuning/presence.hpp"

namespace millrace {

namespace {

// Changes when the decisions of a search for equal results may: a search then does not go on.
constexpr int kDecisions = 1;

std::string search_name(const PipelineConfig& config) {
  return config.tuning.name.empty() ? config.name : config.tuning.name;
}

std::string job_name(const Communicator& comm) {
  std::string name = tuning::new_job_name();
  comm.broadcast(name);
  return name;
}

std::string metric_of(const PipelineConfig& config, const std::string& task) {
  const std::string& chosen = config.tuning.metric;
  return chosen == "loss" ? chosen : metric_for(task, chosen, "tuning.metric");
}

// Collective: how long the trials of this command may take. Without a job that was given GPUs, those that the
// ranks take are held.
double time_limit(const Communicator& comm, const PipelineConfig& config) {
  const TuningLimits& limits = config.tuning.limits;
  const double seconds = limits.seconds.value_or(std::numeric_limits<double>::infinity());
  if (!limits.cost) return seconds;
  Allocation held = allocation(config, comm.size(), environment_variable);
  if (held.slurm_job.empty()) held.gpus = choose_device(comm, config.training).gpus;
  return std::min(seconds, affordable_seconds(*limits.cost, held, config.cost.prices, "tuning.limits.cost"));
}

class TuningRun {
 public:
  // `seconds`: that the trials may take.
  TuningRun(const Communicator& comm, const PipelineConfig& config, Outputs outputs, double seconds)
      : comm_(comm),
        config_(config),
        seconds_(seconds),
        workspace_(comm.agree([&] { return Workspace(config.workspace); })),
        setting_{config_, workspace_, std::move(outputs), workspace_.path("tuning/" + search_name(config)),
                 ""} {}

  TuningResult execute() {
    const FeatureSet set = comm_.agree([&] { return read_feature_set(workspace_, features()); });
    comm_.agree([&] {
      if (set.rows(Part::kValidation) == 0) {
        throw Error(Topic::kNoValidationRows,
                    "there are no validation rows to compare trials by: see data.split.validation");
      }
      setting_.metric = metric_of(config_, set.plan.target.task);
      larger_is_better_ = setting_.metric != "loss" && larger_is_better(setting_.metric);
    });
    begin();
    const std::string job = job_name(comm_);
    tuning::SearchJournal journal(journal_folder(), job, new_search());
    journal.respect_jobs([&](const std::string& other) { return tuning::is_present(jobs_folder(), other); });
    std::optional<tuning::Presence> presence;
    comm_.agree([&] {
      if (!comm_.is_root()) return;
      presence.emplace(jobs_folder(), job);
      journal.begin_job({{"ranks", comm_.size()}});
      journal.listen([&](std::uint32_t trial, const tuning::Result& result) {
        report(trial, journal.search().trials()[trial].assignment, result);
      });
    });
    run_trials(journal);
    return conclude(journal);
  }

 private:
  [[nodiscard]] Digest features() const {
    return Digest::from_hex(setting_.outputs.at("features").at("features").get<std::string>());
  }
  [[nodiscard]] std::string journal_folder() const { return setting_.folder + "/journal"; }
  [[nodiscard]] std::string jobs_folder() const { return setting_.folder + "/jobs"; }

  // More trials and other limits change no decision that was made.
  Json settings() {
    Events unheard;
    const PipelineConfig trial = trial_config(config_);
    const StageContext context{comm_, trial, workspace_, unheard, "", "", false, false, {}};
    const StageKey key = stage_key(train_stage(), context, setting_.outputs);
    Json settings = config_to_json(config_).at("tuning");
    for (const char* name : {"name", "trials", "limits"}) settings.erase(name);
    settings["metric"] = setting_.metric;
    settings["decisions"] = kDecisions;
    settings["training"] = key.parts;
    return settings;
  }

  // Or goes on with a search that was begun with the same settings.
  void begin() {
    const Json now = settings();
    comm_.agree([&] {
      if (!comm_.is_root()) return;
      const JournalEntry first = tuning::SearchJournal::begin(journal_folder(), now);
      const Json content = first.content();
      id_ = first.digest.hex();
      begun_ = content.at("time").get<std::string>();
      const Json& before = content.at("settings");
      if (before == now) return;
      throw Error(Topic::kOtherSearch,
                  "the search '{}' was begun with other settings, with which this one cannot go on:\n  {}",
                  search_name(config_), join(key_differences(before, now), "\n  "));
    });
  }

  [[nodiscard]] tuning::Search new_search() const {
    return {config_.tuning, {larger_is_better_, trial_config(config_).training.epochs}};
  }

  void run_trials(tuning::SearchJournal& journal) {
    if (seconds_ < std::numeric_limits<double>::infinity()) stop_after(seconds_);
    const auto run = [&](const Communicator& group, const tuning::Segment& segment) {
      return run_trial(group, setting_, segment);
    };
    try {
      tuning::run_groups(comm_, static_cast<int>(config_.tuning.ranks_per_trial), journal, run);
    } catch (...) {
      lift_time_limit();
      throw;
    }
    lift_time_limit();
  }

  // Of whatever group: the journal tells. A failure has been a warning of its group's.
  void report(std::uint32_t trial, const tuning::Assignment& values, const tuning::Result& result) const {
    if (!result.score) return;
    log_info("trial {:>4}  {:>3} epochs  {} {:.5g}  {}", trial, result.epochs, setting_.metric, *result.score,
             describe_values(values));
  }

  TuningResult conclude(tuning::SearchJournal& journal) {
    TuningResult result;
    std::string text = comm_.agree([&]() -> std::string {
      if (!comm_.is_root()) return "";
      journal.read();
      return summarize(journal.search()).dump();
    });
    comm_.broadcast(text);
    result.summary = Json::parse(text);
    const Json& best = result.summary.at("best").at("values");
    result.best =
        comm_.agree([&] { return with_values(trial_config(config_), best.get<tuning::Assignment>()); });
    comm_.agree([&] {
      if (comm_.is_root()) publish(result, journal.search().is_over());
    });
    return result;
  }

  [[nodiscard]] Json summarize(const tuning::Search& search) const {
    const SearchFacts facts{
        search_name(config_), id_, begun_, now_rfc3339(), setting_.folder, setting_.metric,
        larger_is_better_};
    return search_summary(facts, tuning::SearchSpace(config_.tuning.space), search);
  }

  // Trials that have ended need no checkpoints; another job may be removing them, too.
  void publish(TuningResult& result, bool over) const {
    Json anywhere = result.summary;
    anywhere.erase("folder");
    result.object = workspace_.put_object(canonical_json(anywhere));
    publish_file(setting_.folder + "/search.json", pretty_json(result.summary));
    publish_file(setting_.folder + "/best.yaml", config_to_yaml(with_absolute_paths(result.best)));
    std::error_code unheard;
    if (over) std::filesystem::remove_all(setting_.folder + "/trials", unheard);
  }

  const Communicator& comm_;
  const PipelineConfig& config_;
  double seconds_;
  Workspace workspace_;
  TrialSetting setting_;
  bool larger_is_better_ = false;
  std::string id_;  // of the search, apart from all others; the root's, as the time at which it began
  std::string begun_;
};

Json record_of(const TuningResult& result) {
  Json record{{"name", result.summary.at("search")},
              {"trials", result.summary.at("trials").size()},
              {"summary", result.object.hex()}};
  for (const char* key : {"complete", "epochs", "metric", "best"}) record[key] = result.summary.at(key);
  return record;
}

}  // namespace

TuningResult tune_pipeline(const Communicator& comm, const PipelineConfig& config, RunOptions options) {
  if (config.tuning.space.empty()) {
    throw Error(Topic::kSearchSpace, "{} must have parameters: the configuration has none to search",
                "tuning.space");
  }
  tuning::require_whole_groups(comm.size(), static_cast<int>(config.tuning.ranks_per_trial));
  const double seconds = time_limit(comm, config);
  options.last_stage = "features";
  if (options.because.empty()) options.because = "tuning " + search_name(config);
  options.search = {{"name", search_name(config)}};
  TuningResult result;
  options.tune = [&](const Outputs& outputs) {
    result = TuningRun(comm, config, outputs, seconds).execute();
    return comm.is_root() ? record_of(result) : Json();
  };
  (void)run_pipeline(comm, config, options);
  return result;
}

Json trained_trial(const TuningResult& result) {
  return {{"name", result.summary.at("search")},
          {"trial", result.summary.at("best").at("trial")},
          {"summary", result.object.hex()}};
}

}  // namespace millrace
