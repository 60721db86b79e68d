// Searches whose trials are functions: what a training would give is computed from its values.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "tuning/search.hpp"

namespace millrace::tuning::testing_support {

inline TuningParameter uniform(double low, double high) {
  TuningParameter parameter;
  parameter.uniform = {low, high};
  return parameter;
}
inline TuningParameter loguniform(double low, double high) {
  TuningParameter parameter;
  parameter.loguniform = {low, high};
  return parameter;
}
inline TuningParameter integer(std::uint64_t low, std::uint64_t high) {
  TuningParameter parameter;
  parameter.integer = {low, high};
  return parameter;
}
inline TuningParameter choice(const std::vector<Json>& values) {
  TuningParameter parameter;
  for (const Json& value : values) parameter.choice.push_back({canonical_json(value)});
  return parameter;
}
inline TuningParameter only_when(TuningParameter parameter, const std::string& key, const Json& value) {
  parameter.when[key] = {{canonical_json(value)}};
  return parameter;
}

// x and y are best at 0.3 and 0.03, mode b is better than a, and d counts under b alone.
inline TuningConfig example(const std::string& search = "tpe", const std::string& scheduler = "asha") {
  TuningConfig config;
  config.space = {{"d", only_when(integer(1, 6), "mode", "b")},
                  {"mode", choice({"a", "b"})},
                  {"x", uniform(0, 1)},
                  {"y", loguniform(1e-4, 1)}};
  if (search == "grid") config.space["x"].step = config.space["y"].step = 0.25;
  config.search = search;
  config.scheduler.kind = scheduler;
  config.trials = 40;
  config.startup = 5;
  return config;
}
inline Search example_search(const TuningConfig& config) {
  return {config, {false, 64}};
}

// The loss shrinks with the epochs; some trials fail, some end by themselves.
inline Result outcome(const Segment& segment) {
  const auto number = [&](const char* key, double otherwise) {
    const auto found = segment.assignment.find(key);
    return found == segment.assignment.end() ? otherwise : found->second.get<double>();
  };
  const double x = number("x", 0.9);
  const double y = std::log10(number("y", 1));
  Result result;
  result.epochs = segment.until_epoch;
  if (x > 0.95 && segment.rung == 1) {
    result.error = "it diverged";
    return result;
  }
  if (x > 0.5 && x < 0.55 && segment.rung > 0) {
    result.ended = true;
    result.epochs = segment.until_epoch - 1;
  }
  const double bias = segment.assignment.contains("mode") && segment.assignment.at("mode") == "b" ? 0 : 0.1;
  result.score = bias + (x - 0.3) * (x - 0.3) + (y + 1.5) * (y + 1.5) / 10 + 1.0 / result.epochs;
  return result;
}

// All that was decided, without times.
inline Json decisions(const Search& search) {
  Json all = Json::array();
  for (const Trial& trial : search.trials())
    all.push_back({trial.assignment, to_string(trial.state), trial.results, trial.rungs});
  return all;
}

// Works through the search with `groups` segments at a time, whose results arrive in a random order.
inline void run(Search& search, std::size_t groups, std::uint64_t seed,
                std::size_t most_results = 1'000'000) {
  CounterRandom random(seed);
  std::vector<Segment> running;
  while (most_results > 0) {
    for (const Segment& segment : search.ready()) {
      const bool runs =
          std::ranges::any_of(running, [&](const Segment& other) { return other.trial == segment.trial; });
      if (!runs && running.size() < groups) running.push_back(segment);
    }
    if (running.empty()) return;
    const auto done = running.begin() + static_cast<std::ptrdiff_t>(random.below(running.size()));
    search.record(done->trial, done->rung, outcome(*done));
    running.erase(done);
    --most_results;
  }
}

}  // namespace millrace::tuning::testing_support
