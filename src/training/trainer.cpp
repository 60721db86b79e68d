#include "training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "training/checkpoint_store.hpp"
#include "training/class_weights.hpp"
#include "training/device.hpp"
#include "training/mpi_exchange.hpp"
#include "training/sampler.hpp"
#include "training/schedule.hpp"
#include "training/validation_loss.hpp"

namespace millrace {

namespace {

constexpr double kProgressSeconds = 1;

// What changes results and is not in the stage's key for certain: the network, the settings that count, the
// rows.
std::string state_digest(const NetworkSpec& spec, const TrainingConfig& config, std::uint64_t rows) {
  const bool early = config.early_stopping.has_value();
  const Json json = {{"network", spec},
                     {"rows", rows},
                     {"seed", config.seed},
                     {"epochs", config.epochs},
                     {"batch_size", config.batch_size},
                     {"learning_rate", config.learning_rate},
                     {"weight_decay", config.weight_decay},
                     {"warmup", config.warmup},
                     {"schedule", config.schedule},
                     {"class_weights", config.class_weights},
                     {"gradient_clip", config.gradient_clip},
                     {"patience", early ? Json(config.early_stopping->patience) : Json()},
                     {"min_delta", early ? Json(config.early_stopping->min_delta) : Json()},
                     {"lanes", config.lanes},
                     {"window_rows", config.window_rows}};
  return digest_of(canonical_json(json)).hex();
}

OptimizerState fresh_state(const NetworkSpec& spec, std::uint64_t seed, const std::vector<float>& initial) {
  OptimizerState state;
  state.parameters = initial.empty() ? initial_parameters(spec, seed) : initial;
  state.first_moment.resize(state.parameters.size());
  state.second_moment.resize(state.parameters.size());
  return state;
}

class Trainer {
 public:
  Trainer(const Communicator& comm, const NetworkSpec& spec, const TrainingConfig& config,
          const TrainingInput& input, Events& events);
  TrainingResult run();

 private:
  void resume();
  [[nodiscard]] bool patience_is_over() const;
  [[nodiscard]] bool is_finished() const;
  [[nodiscard]] bool is_to_pause() const;
  // Goes to the epoch's next batch and gathers its rows.
  void start_epoch();
  // One step, while the next one's rows are gathered; true where some rank was asked to stop.
  bool take_step();
  void check_loss(const StepSums& sums) const;
  void end_epoch();
  void validate(EpochRecord& record);
  void save();
  [[noreturn]] void stop();
  void emit(const std::string& name, Json fields);
  void show_progress(const StepSums& sums);
  [[nodiscard]] double samples_per_second() const { return seconds_ > 0 ? samples_ / seconds_ : 0; }
  TrainingResult result();

  Communicator comm_;
  TrainingConfig config_;
  std::optional<std::uint32_t> until_epoch_;
  Events& events_;
  RowSource train_rows_;
  RowSource validation_rows_;
  LanePlan plan_;
  std::uint64_t total_steps_;
  std::vector<float> class_weights_;
  Device device_;
  std::unique_ptr<Backend> backend_;
  Sampler sampler_;
  ValidationLoss validation_loss_;
  MpiExchange exchange_;
  CheckpointStore checkpoints_;
  ProgressLine line_;

  TrainingState state_;           // its optimizer part is the back end's while steps are taken
  std::span<const Batch> parts_;  // the next step's rows
  std::uint64_t resumed_from_ = 0;
  double samples_ = 0;  // of this process's steps, over all ranks
  double seconds_ = 0;
  Stopwatch epoch_watch_;
  Stopwatch progress_watch_;  // since the last train.progress
};

Trainer::Trainer(const Communicator& comm, const NetworkSpec& spec, const TrainingConfig& config,
                 const TrainingInput& input, Events& events)
    : comm_(comm),
      config_(config),
      until_epoch_(input.until_epoch),
      events_(events),
      train_rows_(comm, input.train_shards, spec),
      validation_rows_(comm, input.validation_shards, spec),
      plan_(train_rows_.rows(), config, comm.size()),
      total_steps_(plan_.steps_per_epoch() * config.epochs),
      class_weights_(class_weights(comm, spec, config, train_rows_)),
      device_(choose_device(comm, config)),
      backend_(make_backend(comm, device_, spec, config, BackendUse::kTraining)),
      sampler_(comm, train_rows_, plan_, config, class_weights_),
      validation_loss_(comm, validation_rows_, config.window_rows / static_cast<std::uint64_t>(comm.size()),
                       class_weights_),
      exchange_(comm, plan_, ParameterLayout(spec).size(), config.deterministic),
      checkpoints_(comm, input, {input.key.hex(), state_digest(spec, config, train_rows_.rows())},
                   config.checkpoint.keep),
      line_("training", input.show_progress && comm.is_root()) {
  state_.optimizer = fresh_state(spec, config.seed, input.initial);
}

TrainingResult Trainer::run() {
  if (comm_.is_root() && !until_epoch_) log_info("training on {}", describe(device_, *backend_));
  resume();
  backend_->load(state_.optimizer);
  const std::uint64_t every = config_.checkpoint.every_steps;
  const Progress& progress = state_.progress;
  for (bool begin = true; !is_finished() && !is_to_pause(); begin = progress.batch == 0) {
    if (begin) start_epoch();
    const bool asked_to_stop = take_step();
    if (progress.batch == plan_.steps_per_epoch()) end_epoch();
    if (is_finished()) break;
    if (is_to_pause()) {
      save();
      break;
    }
    if (asked_to_stop) stop();
    if (every > 0 && progress.step % every == 0) save();
  }
  backend_->store(state_.optimizer);
  return result();
}

void Trainer::resume() {
  std::optional<CheckpointStore::Found> found = checkpoints_.newest();
  if (!found) return;
  state_ = std::move(found->state);
  resumed_from_ = state_.progress.step;
  if (comm_.is_root() && !until_epoch_) log_info("training goes on from {}", found->path);
  emit("train.resumed", {{"step", resumed_from_}, {"path", found->path}});
}

bool Trainer::patience_is_over() const {
  const Progress& progress = state_.progress;
  return config_.early_stopping && validation_loss_.has_rows() &&
         progress.epoch >= progress.best_epoch + std::max(config_.early_stopping->patience, 1U);
}

bool Trainer::is_finished() const {
  return state_.progress.epoch >= config_.epochs || patience_is_over();
}

bool Trainer::is_to_pause() const {
  return until_epoch_ && state_.progress.epoch >= *until_epoch_;
}

void Trainer::start_epoch() {
  const Stopwatch watch;
  sampler_.start(state_.progress.epoch, state_.progress.batch);
  parts_ = sampler_.next(state_.progress.step);
  seconds_ += watch.seconds();
}

bool Trainer::take_step() {
  Progress& progress = state_.progress;
  const Stopwatch watch;
  const double rate = learning_rate(config_, progress.step, total_steps_);
  const auto gather_next = [&] {
    if (progress.batch + 1 < plan_.steps_per_epoch()) parts_ = sampler_.next(progress.step + 1);
  };
  const StepSums sums = backend_->step(parts_, static_cast<float>(rate), exchange_, gather_next);
  check_loss(sums);
  samples_ += static_cast<double>(plan_.rows_of_batch(progress.batch));
  seconds_ += watch.seconds();
  progress.epoch_sums.loss += sums.loss;
  progress.epoch_sums.weight += sums.weight;
  ++progress.step;
  ++progress.batch;
  show_progress(sums);
  return sums.stop;
}

void Trainer::check_loss(const StepSums& sums) const {
  if (std::isfinite(sums.loss)) return;
  throw Error(Topic::kDiverged,
              "the training loss is {} at epoch {}, step {}: lower training.learning_rate (now {}), set "
              "training.gradient_clip (1, say), or look for extreme values among the inputs",
              sums.loss, state_.progress.epoch + 1, state_.progress.step + 1, config_.learning_rate);
}

void Trainer::end_epoch() {
  Progress& progress = state_.progress;
  EpochRecord record;
  record.epoch = ++progress.epoch;
  const LossSums& sums = progress.epoch_sums;
  record.train_loss = sums.weight > 0 ? sums.loss / sums.weight : 0;
  record.learning_rate = learning_rate(config_, progress.step - 1, total_steps_);
  validate(record);
  record.seconds = progress.epoch_seconds + epoch_watch_.seconds();
  progress.history.push_back(record);
  progress.batch = 0;
  progress.epoch_sums = {};
  progress.epoch_seconds = 0;
  epoch_watch_ = {};
  Json fields = {{"epoch", record.epoch},           {"epochs", config_.epochs},
                 {"step", progress.step},           {"steps", total_steps_},
                 {"train_loss", record.train_loss}, {"learning_rate", record.learning_rate},
                 {"seconds", record.seconds},       {"samples_per_second", samples_per_second()}};
  if (validation_loss_.has_rows()) fields["validation_loss"] = record.validation_loss;
  emit("train.epoch", std::move(fields));
}

void Trainer::validate(EpochRecord& record) {
  record.validation_loss = std::nan("");
  if (!validation_loss_.has_rows()) return;
  record.validation_loss = validation_loss_(*backend_);
  if (!std::isfinite(record.validation_loss)) {
    throw Error(
        Topic::kDiverged,
        "the validation loss is {} after epoch {}: lower training.learning_rate (now {}), or look for "
        "extreme values among the validation rows' inputs",
        record.validation_loss, record.epoch, config_.learning_rate);
  }
  Progress& progress = state_.progress;
  const double min_delta = config_.early_stopping ? config_.early_stopping->min_delta : 0;
  if (record.validation_loss >= progress.best_loss - min_delta) return;
  progress.best_loss = record.validation_loss;
  progress.best_epoch = record.epoch;
  backend_->store(state_.optimizer);
  state_.best_parameters = state_.optimizer.parameters;
}

void Trainer::save() {
  const Stopwatch watch;
  Progress& progress = state_.progress;
  progress.epoch_seconds += epoch_watch_.seconds();
  epoch_watch_ = {};
  backend_->store(state_.optimizer);
  const std::string path = checkpoints_.save(state_);
  emit("train.checkpoint", {{"step", progress.step}, {"path", path}, {"seconds", watch.seconds()}});
}

void Trainer::stop() {
  save();
  throw Error(Topic::kStopped, "stopped at step {} of {}; run again to go on", state_.progress.step,
              total_steps_);
}

void Trainer::emit(const std::string& name, Json fields) {
  if (comm_.is_root()) events_.emit(name, std::move(fields));
}

void Trainer::show_progress(const StepSums& sums) {
  const double share = static_cast<double>(state_.progress.step) / static_cast<double>(total_steps_);
  const double loss = sums.weight > 0 ? sums.loss / sums.weight : 0;
  line_.update(share, fmt::format("epoch {}/{} · loss {:.4f} · {} samples/s", state_.progress.epoch + 1,
                                  config_.epochs, loss,
                                  human_count(static_cast<std::uint64_t>(samples_per_second()))));
  if (progress_watch_.seconds() < kProgressSeconds) return;
  progress_watch_ = {};
  emit("train.progress", {{"epoch", state_.progress.epoch + 1},
                          {"epochs", config_.epochs},
                          {"step", state_.progress.step},
                          {"steps", total_steps_},
                          {"loss", loss},
                          {"samples_per_second", samples_per_second()}});
}

TrainingResult Trainer::result() {
  const Progress& progress = state_.progress;
  const bool has_best = !state_.best_parameters.empty();
  TrainingResult result;
  result.parameters = has_best ? state_.best_parameters : state_.optimizer.parameters;
  if (!std::ranges::all_of(result.parameters, [](float value) { return std::isfinite(value); })) {
    throw Error(Topic::kDiverged,
                "training ended with parameters that are no numbers: lower training.learning_rate (now {})",
                config_.learning_rate);
  }
  result.best_epoch = has_best ? progress.best_epoch : progress.epoch;
  result.steps = progress.step;
  result.resumed_from_step = resumed_from_;
  result.paused = !is_finished();
  result.stopped_early = progress.epoch < config_.epochs && !result.paused;
  result.history = progress.history;
  result.samples_per_second = samples_per_second();
  result.device = describe(device_, *backend_);
  return result;
}

}  // namespace

TrainingResult train(const Communicator& comm, const NetworkSpec& spec, const TrainingConfig& config,
                     const TrainingInput& input, Events& events) {
  return Trainer(comm, spec, config, input, events).run();
}

}  // namespace millrace
