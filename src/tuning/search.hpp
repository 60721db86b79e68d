// A search as a state: the results so far, and what follows from them.
//
// Every decision is a function of the settings and of the results of earlier trials, never of the order in
// which results arrive, nor of how many arrive at the same time:
// - whether trial i goes on from a rung is decided by the trials before it that came to this rung, once each
//   of them has a result there or has ended before;
// - the values of trial i, where the sampler looks back, by the results of the trials j at the rungs whose
//   epochs e fulfil j + lag · ⌈e / e₀⌉ ≤ i, e₀ being j's first rung: what takes longer to know is known
//   later.
// The earliest trial that has not ended waits for nobody, so a search cannot get stuck. docs/tuning.md has
// the argument and what it costs.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tuning/sampler.hpp"
#include "tuning/scheduler.hpp"

namespace millrace::tuning {

// Of a trial at a rung.
struct Result {
  std::optional<double> score;  // of the metric; nothing: it failed
  std::string error;            // why it failed
  std::uint32_t epochs = 0;     // since the trial's beginning
  bool ended = false;  // training ended by itself before the rung: its score stands for all later ones
  double seconds = 0;  // of this rung alone
  Json curve = Json::array();  // since the beginning: {"epoch", "train_loss", "validation_loss"}
};
void to_json(Json& json, const Result& result);
void from_json(const Json& json, Result& result);

enum class TrialState { kOpen, kDone, kStopped, kFailed };
const char* to_string(TrialState state);

struct Trial {
  Assignment assignment;
  std::vector<std::uint32_t> rungs;  // epochs
  std::vector<Result> results;       // rung by rung
  TrialState state = TrialState::kOpen;
  bool goes_on = true;  // open: whether it may run to its next rung

  [[nodiscard]] std::optional<double> score() const;  // the last
  [[nodiscard]] std::uint32_t epochs() const { return results.empty() ? 0 : results.back().epochs; }
};

// A piece of work: one trial up to its next rung.
struct Segment {
  std::uint32_t trial = 0;
  std::uint32_t rung = 0;
  std::uint32_t until_epoch = 0;
  Assignment assignment;
};
void to_json(Json& json, const Segment& segment);
void from_json(const Json& json, Segment& segment);

class Search {
 public:
  struct Rules {
    bool larger_is_better = false;
    std::uint32_t epochs = 1;  // of a trial whose assignment has no training.epochs
  };
  Search(const TuningConfig& config, Rules rules);

  [[nodiscard]] const std::vector<Trial>& trials() const { return trials_; }
  // What may run now, earlier trials first; nothing once the epochs are spent.
  [[nodiscard]] std::vector<Segment> ready() const;
  // No trial is open, and none will be.
  [[nodiscard]] bool is_over() const;
  // Whether tuning.limits.epochs is reached: like a limit of time, this ends the search wherever it is, and
  // changes no decision.
  [[nodiscard]] bool is_spent() const;

  [[nodiscard]] bool has(std::uint32_t trial, std::uint32_t rung) const;
  // Of a segment that was ready; throws kInternal for any other.
  void record(std::uint32_t trial, std::uint32_t rung, Result result);

  // The trial with the best last score, the earliest of equals; nothing where none has a score.
  [[nodiscard]] std::optional<std::uint32_t> best() const;
  [[nodiscard]] std::uint64_t epochs() const;  // of all trials

 private:
  [[nodiscard]] double loss_of(const Result& result) const;
  [[nodiscard]] std::optional<double> loss_at(const Trial& trial, std::size_t rung) const;
  [[nodiscard]] static bool is_settled(const Trial& trial, std::size_t rung);
  [[nodiscard]] LossesSoFar losses_up_to(const Trial& trial, std::size_t rung) const;
  void settle();
  void decide(std::size_t index);
  // The best first; nothing while some of it is to come.
  [[nodiscard]] std::optional<std::vector<Assignment>> known_to(std::uint32_t trial) const;
  bool begin_next();
  [[nodiscard]] std::optional<Assignment> fresh_assignment(std::uint32_t trial,
                                                           const std::vector<Assignment>& known) const;

  TuningConfig config_;
  Rules rules_;
  std::unique_ptr<Sampler> sampler_;
  std::vector<Trial> trials_;
  std::set<Assignment> seen_;
  bool exhausted_ = false;  // the sampler has nothing new
};

}  // namespace millrace::tuning
