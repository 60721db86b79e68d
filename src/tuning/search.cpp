#include "tuning/search.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace millrace::tuning {

namespace {

// After so many draws that were there before, the space counts as searched.
constexpr std::uint64_t kMostAttempts = 100;

constexpr const char* kEpochsKey = "training.epochs";

// By how many trials later the result at a rung is known.
std::uint64_t delay(const Trial& trial, std::size_t rung, std::uint64_t lag) {
  const std::uint64_t first = trial.rungs.front();
  return lag * ((trial.rungs[rung] + first - 1) / first);
}

}  // namespace

const char* to_string(TrialState state) {
  constexpr std::array kWords{"open", "done", "stopped", "failed"};
  return kWords.at(static_cast<std::size_t>(state));
}

std::optional<double> Trial::score() const {
  for (auto result = results.rbegin(); result != results.rend(); ++result)
    if (result->score) return result->score;
  return std::nullopt;
}

Search::Search(const TuningConfig& config, Rules rules)
    : config_(config), rules_(rules), sampler_(make_sampler(config, SearchSpace(config.space))) {
  settle();
}

double Search::loss_of(const Result& result) const {
  return rules_.larger_is_better ? -*result.score : *result.score;
}

// The score of a training that ended by itself stands for all later rungs.
std::optional<double> Search::loss_at(const Trial& trial, std::size_t rung) const {
  if (trial.results.empty()) return std::nullopt;
  const bool stands = trial.results.back().ended && rung < trial.rungs.size();
  const std::size_t place = stands ? std::min(rung, trial.results.size() - 1) : rung;
  if (place >= trial.results.size() || !trial.results[place].score) return std::nullopt;
  return loss_of(trial.results[place]);
}

bool Search::is_settled(const Trial& trial, std::size_t rung) {
  return trial.results.size() > rung || trial.state != TrialState::kOpen;
}

LossesSoFar Search::losses_up_to(const Trial& trial, std::size_t rung) const {
  LossesSoFar losses;
  for (std::size_t at = 0; at <= rung; ++at) losses.push_back(*loss_at(trial, at));
  return losses;
}

// Trials are decided in their order, since each looks at those before it alone; then new ones are begun.
void Search::settle() {
  for (std::size_t index = 0; index < trials_.size(); ++index) decide(index);
  while (trials_.size() < config_.trials && begin_next()) {
  }
}

void Search::decide(std::size_t index) {
  Trial& trial = trials_[index];
  if (trial.state != TrialState::kOpen || trial.goes_on || trial.results.empty()) return;
  const std::size_t rung = trial.results.size() - 1;
  const Result& last = trial.results.back();
  if (!last.score) {
    trial.state = TrialState::kFailed;
  } else if (last.ended || rung + 1 == trial.rungs.size()) {
    trial.state = TrialState::kDone;
  } else {
    std::vector<LossesSoFar> earlier;
    for (std::size_t before = 0; before < index; ++before) {
      if (!is_settled(trials_[before], rung)) return;
      if (loss_at(trials_[before], rung)) earlier.push_back(losses_up_to(trials_[before], rung));
    }
    trial.goes_on = goes_on(config_.scheduler, losses_up_to(trial, rung), earlier);
    if (!trial.goes_on) trial.state = TrialState::kStopped;
  }
}

// Better trials first: those that were trained longer, then those with the smaller loss; failed ones last.
// Trial 0 has no values of its own.
std::optional<std::vector<Assignment>> Search::known_to(std::uint32_t trial) const {
  using Rank = std::tuple<bool, std::int64_t, double, std::size_t>;  // failed, -epochs, loss, trial
  std::vector<Rank> ranks;
  for (std::size_t index = 1; index < trials_.size(); ++index) {
    const Trial& earlier = trials_[index];
    std::optional<Rank> rank;
    for (std::size_t rung = 0;
         rung < earlier.rungs.size() && index + delay(earlier, rung, config_.lag) <= trial; ++rung) {
      if (!is_settled(earlier, rung)) return std::nullopt;
      if (earlier.results.size() <= rung) break;
      const auto loss = loss_at(earlier, rung);
      rank = Rank{!loss, -static_cast<std::int64_t>(earlier.rungs[rung]), loss.value_or(0), index};
    }
    if (rank) ranks.push_back(*rank);
  }
  std::ranges::sort(ranks);
  std::vector<Assignment> known;
  for (const Rank& rank : ranks) known.push_back(trials_[std::get<3>(rank)].assignment);
  return known;
}

bool Search::begin_next() {
  const auto next = static_cast<std::uint32_t>(trials_.size());
  if (exhausted_) return false;
  const auto known = sampler_->looks_back() ? known_to(next) : std::vector<Assignment>();
  if (!known) return false;
  std::optional<Assignment> assignment = fresh_assignment(next, *known);
  exhausted_ = !assignment;
  if (exhausted_) return false;
  const auto epochs = assignment->find(kEpochsKey);
  const std::uint32_t all =
      epochs == assignment->end() ? rules_.epochs : json_as<std::uint32_t>(epochs->second);
  trials_.push_back({*assignment, rungs(config_.scheduler, all), {}, TrialState::kOpen, true});
  seen_.insert(*std::move(assignment));
  return true;
}

// The first trial is the configuration as it stands.
std::optional<Assignment> Search::fresh_assignment(std::uint32_t trial,
                                                   const std::vector<Assignment>& known) const {
  if (trial == 0) return Assignment{};
  for (std::uint64_t attempt = 0; attempt < kMostAttempts; ++attempt) {
    std::optional<Assignment> assignment = sampler_->suggest(trial, attempt, known);
    if (!assignment || !seen_.contains(*assignment)) return assignment;
  }
  return std::nullopt;
}

std::vector<Segment> Search::ready() const {
  std::vector<Segment> segments;
  if (is_spent()) return segments;
  for (std::size_t index = 0; index < trials_.size(); ++index) {
    const Trial& trial = trials_[index];
    if (trial.state != TrialState::kOpen || !trial.goes_on) continue;
    const std::size_t rung = trial.results.size();
    segments.push_back({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(rung),
                        trial.rungs[rung], trial.assignment});
  }
  return segments;
}

bool Search::is_over() const {
  return std::ranges::none_of(trials_, [](const Trial& trial) { return trial.state == TrialState::kOpen; });
}

bool Search::is_spent() const {
  return config_.limits.epochs && epochs() >= *config_.limits.epochs;
}

bool Search::has(std::uint32_t trial, std::uint32_t rung) const {
  return trial < trials_.size() && rung < trials_[trial].results.size();
}

// A journal may hold more trials than tuning.trials, which may have been lowered since.
void Search::record(std::uint32_t trial, std::uint32_t rung, Result result) {
  while (trials_.size() <= trial && begin_next()) {
  }
  if (trial >= trials_.size() || trials_[trial].results.size() != rung || !trials_[trial].goes_on ||
      rung >= trials_[trial].rungs.size()) {
    throw internal_error("a result of trial {} at rung {}, which was not to run", trial, rung);
  }
  result.epochs = std::max(result.epochs, trials_[trial].epochs());  // a failed one knows of none
  trials_[trial].results.push_back(std::move(result));
  trials_[trial].goes_on = false;
  settle();
}

std::optional<std::uint32_t> Search::best() const {
  std::optional<std::uint32_t> best;
  double best_loss = 0;
  for (std::size_t index = 0; index < trials_.size(); ++index) {
    const auto score = trials_[index].score();
    if (!score || trials_[index].state == TrialState::kFailed) continue;
    const double loss = rules_.larger_is_better ? -*score : *score;
    if (best && loss >= best_loss) continue;
    best = static_cast<std::uint32_t>(index);
    best_loss = loss;
  }
  return best;
}

std::uint64_t Search::epochs() const {
  std::uint64_t sum = 0;
  for (const Trial& trial : trials_) sum += trial.epochs();
  return sum;
}

void to_json(Json& json, const Result& result) {
  json = {{"epochs", result.epochs},
          {"ended", result.ended},
          {"seconds", result.seconds},
          {"curve", result.curve}};
  if (result.score) json["score"] = *result.score;
  if (!result.score) json["error"] = result.error;
}

void from_json(const Json& json, Result& result) {
  result = {};
  if (json.contains("score")) result.score = json.at("score").get<double>();
  result.error = json.value("error", "");
  result.epochs = json_as<std::uint32_t>(json.at("epochs"));
  json.at("ended").get_to(result.ended);
  json.at("seconds").get_to(result.seconds);
  result.curve = json.at("curve");
}

void to_json(Json& json, const Segment& segment) {
  json = {{"trial", segment.trial},
          {"rung", segment.rung},
          {"until_epoch", segment.until_epoch},
          {"assignment", segment.assignment}};
}

void from_json(const Json& json, Segment& segment) {
  segment = {json_as<std::uint32_t>(json.at("trial")), json_as<std::uint32_t>(json.at("rung")),
             json_as<std::uint32_t>(json.at("until_epoch")), json.at("assignment").get<Assignment>()};
}

}  // namespace millrace::tuning
