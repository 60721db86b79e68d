#include "pipeline/engine.hpp"

#include <optional>

#include "base/log.hpp"
#include "base/position.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "config/config.hpp"
#include "cost/allocation.hpp"
#include "cost/overrides.hpp"
#include "pipeline/budget_gate.hpp"
#include "pipeline/cache.hpp"
#include "pipeline/earlier_run.hpp"
#include "pipeline/ledger.hpp"
#include "pipeline/summary.hpp"
#include "registry/hooks.hpp"
#include "training/device.hpp"

namespace millrace {

namespace {

// One run. Ranks go through the same calls; the ledger and the events' listeners live on rank 0 only.
class PipelineRun {
 public:
  PipelineRun(const Communicator& comm, const PipelineConfig& config, const RunOptions& options,
              const Json& budgets)
      : options_(options),
        override_(budgets.at("override")),
        reservation_(budgets.at("reservation")),
        workspace_(comm.agree([&] { return Workspace(config.workspace); })),
        context_{comm, config, workspace_, events_, "", "", options.verify, comm.is_root() && !options.quiet,
                 {}} {}

  RunResult execute() {
    open();
    try {
      context_.comm.agree([&] { note_override(); });
      const std::size_t last = stage_index(options_.last_stage);
      if (options_.from_run && last > 0) take_outputs_before(last);
      for (std::size_t i = outputs_.size(); i <= last; ++i) execute(pipeline_stages()[i]);
      if (options_.tune) tune();
    } catch (...) {
      const Error error = current_error();
      close(&error);
      throw Error(error);
    }
    context_.comm.agree([&] { close(nullptr); });
    if (ledger_) result_.record = ledger_->record();
    return std::move(result_);
  }

 private:
  void open() {
    forget_losses();
    set_deadlines({context_.config.deadlines.collective, context_.config.deadlines.file});
    const Json begun = context_.on_root([&] { return begin(); });
    context_.run = begun.at("run");
    in_job_ = begun.at("in_job");
    context_.run_folder = result_.folder = begun.at("folder");
    log_to_folder(result_.folder + "/log", context_.comm.rank());
    share_positions(result_.folder + "/positions");
  }

  Json begin() {
    workspace_.prepare();
    (void)Hooks(workspace_.root());  // a mistake in them is found now and not after the training
    const Digest config_digest = digest_of(canonical_json(config_to_json(context_.config)));
    ledger_ = RunLedger::begin(workspace_, config_to_yaml(context_.config), config_digest,
                               context_.config.name, context_.comm.size(), held_cost());
    if (!options_.because.empty()) ledger_->record()["because"] = options_.because;
    if (!options_.search.is_null()) ledger_->record()["search"] = options_.search;
    events_.listen(event_file(ledger_->folder() + "/events.jsonl"));
    for (const EventListener& listener : options_.listeners) events_.listen(listener);
    events_.emit("run.start", {{"run", ledger_->name()}, {"ranks", context_.comm.size()}});
    return {{"run", ledger_->name()},
            {"folder", ledger_->folder()},
            {"in_job", ledger_->record().at("cost").contains("slurm_job")}};
  }

  [[nodiscard]] Json held_cost() const {
    Json cost =
        begun_cost(context_.config, allocation(context_.config, context_.comm.size(), environment_variable));
    if (!reservation_.is_null()) cost["reservation"] = reservation_;
    return cost;
  }

  // Before any work: a run that goes beyond a budget is one that has been written down.
  void note_override() {
    if (!ledger_ || override_.is_null()) return;
    override_["run"] = ledger_->name();
    record_override(workspace_, override_);
    ledger_->record()["override_budget"] = override_;
    ledger_->save();
    events_.emit("budget.override", override_);
    for (const Json& why : override_.at("budgets")) log_warning("{}", why.get<std::string>());
  }

  // What an earlier run recorded stands for the stages before `last`, as if they were cached.
  void take_outputs_before(std::size_t last) {
    enter(pipeline_stages()[last].name);
    const Json earlier = context_.on_root([&] {
      return find_finished_run(workspace_, *options_.from_run, context_.config.name,
                               pipeline_stages()[last - 1].name);
    });
    for (std::size_t i = 0; i < last; ++i) {
      const std::string& name = pipeline_stages()[i].name;
      outputs_[name] = earlier.at("outputs").at(name);
    }
    if (ledger_) {
      ledger_->record()["from_run"] = earlier.at("run");
      ledger_->record()["outputs"] = outputs_;  // so that one may go on from this run, too
    }
    log_info("with the results of run {}", earlier.at("run").get<std::string>());
  }

  void enter(const std::string& stage) {
    current_stage_ = stage;
    enter_stage(stage);
    if (context_.comm.any(stop_requested())) {
      throw Error(Topic::kStopped, "stopped before stage {}; run again to go on", stage);
    }
  }

  void execute(const Stage& stage) {
    const Stopwatch watch;
    enter(stage.name);
    const StageKey key = stage_key(stage, context_, outputs_);
    context_.key = key.digest;
    Json output = cached_output(stage, context_, outputs_, key.digest);
    const bool cached = !output.is_null();
    note_source_bytes();
    if (!cached) {
      if (key.parts.value("/inputs/device"_json_pointer, "cpu").starts_with("cuda")) note_gpus();
      events_.emit("stage.start", {{"stage", stage.name}, {"key", key.digest.hex()}});
      output = stage.run(context_, outputs_);
      record_output(stage, context_, key, output);
    }
    outputs_[stage.name] = output;
    result_.all_cached = result_.all_cached && cached;
    context_.comm.agree([&] { note(stage, key, cached, watch.seconds()); });
    if (stage.conclude) stage.conclude(context_, output);
  }

  // Without a key, and never cached: a search goes on from its own journal.
  void tune() {
    const Stopwatch watch;
    enter("tune");
    note_gpus();
    events_.emit("stage.start", {{"stage", "tune"}, {"key", ""}});
    const Json search = options_.tune(outputs_);
    context_.comm.agree([&] {
      if (!ledger_) return;
      ledger_->record()["search"] = search;
      add_stage({{"stage", "tune"}, {"cached", false}, {"seconds", watch.seconds()}, {"output", search}}, "");
    });
  }

  void note_source_bytes() {
    const auto bytes = source_bytes(context_);
    if (ledger_ && bytes) ledger_->record()["cost"]["source_bytes"] = *bytes;
  }

  // Without a job that was given them, GPUs are the run's from when a stage takes them.
  void note_gpus() {
    if (in_job_) return;
    const int gpus = choose_device(context_.comm, context_.config.training).gpus;
    context_.comm.agree([&] {
      if (!ledger_) return;
      ledger_->record()["cost"]["gpus"] = gpus;
      ledger_->save();
    });
  }

  void note(const Stage& stage, const StageKey& key, bool cached, double seconds) {
    if (!ledger_) return;
    summarize(ledger_->record(), outputs_);
    add_stage(
        {{"stage", stage.name}, {"cached", cached}, {"seconds", seconds}, {"output", outputs_[stage.name]}},
        key.digest.hex());
    log_info("{:<9} {:>8}  {}", stage.name, cached ? "cached" : human_seconds(seconds),
             describe_output(stage.name, outputs_[stage.name]));
  }

  void add_stage(Json done, const std::string& key) {
    ledger_->record()["stages"].push_back({{"name", done.at("stage")},
                                           {"key", key},
                                           {"cached", done.at("cached")},
                                           {"seconds", done.at("seconds")}});
    ledger_->save();
    events_.emit("stage.done", std::move(done));
  }

  // A run whose model lacks sign-offs has done its work: it waits.
  static const char* status_of(const Error* error) {
    if (error == nullptr) return "done";
    if (error->code() == ExitCode::kStopped) return "stopped";
    return error->topic() == Topic::kNotApproved ? "waiting" : "failed";
  }

  void close(const Error* error) {
    if (!ledger_) return;
    Json& run = ledger_->record();
    const ExitCode code = error == nullptr ? ExitCode::kDone : error->code();
    run["status"] = status_of(error);
    run["exit_code"] = static_cast<int>(code);
    run["finished"] = now_rfc3339();
    complete_cost(run["cost"], context_.comm.size(), watch_.seconds());
    if (error != nullptr) {
      run["error"] = {
          {"stage", current_stage_}, {"message", error->message()}, {"topic", entry_of(error->topic()).id}};
    }
    if (error == nullptr) {
      ledger_->save();
    } else {
      try_to([&] { ledger_->save(); });
    }
    Json ended{{"status", run["status"]}, {"exit_code", run["exit_code"]}, {"seconds", watch_.seconds()}};
    if (error != nullptr) ended["stage"] = current_stage_;
    events_.emit("run.done", std::move(ended));
    if (options_.finished) try_to([&] { options_.finished(ledger_->folder()); });
  }

  // For what must not end a run, nor hide the error that has ended it.
  template <class Body>
  static void try_to(Body&& body) {
    try {
      body();
    } catch (...) {
      log_loss(current_error());
    }
  }

  const RunOptions& options_;
  Json override_;        // null: no budget is against the run
  Json reservation_;     // its number; null: none
  bool in_job_ = false;  // of Slurm
  Workspace workspace_;
  Events events_;
  StageContext context_;
  std::optional<RunLedger> ledger_;
  Outputs outputs_ = Json::object();
  std::string current_stage_;
  RunResult result_;
  Stopwatch watch_;
};

}  // namespace

RunResult run_pipeline(const Communicator& comm, const PipelineConfig& config, const RunOptions& options) {
  return PipelineRun(comm, config, options, reserve_budgets(comm, config, options)).execute();
}

}  // namespace millrace
