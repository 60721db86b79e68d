#include "pipeline/search_summary.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "tuning/importance.hpp"

namespace millrace {

namespace {

constexpr std::size_t kShownTrials = 10;

Json trial_json(const tuning::Trial& trial, std::size_t number) {
  Json json{{"trial", number},
            {"state", tuning::to_string(trial.state)},
            {"epochs", trial.epochs()},
            {"values", trial.assignment},
            {"scores", Json::array()},
            {"curve", trial.results.empty() ? Json::array() : trial.results.back().curve}};
  for (const tuning::Result& result : trial.results) {
    if (result.score) json["scores"].push_back({{"epochs", result.epochs}, {"score", *result.score}});
    if (!result.score) json["error"] = result.error;
  }
  if (const auto score = trial.score()) json["score"] = *score;
  return json;
}

std::string first_error(const tuning::Search& search) {
  for (std::size_t number = 0; number < search.trials().size(); ++number) {
    const auto& results = search.trials()[number].results;
    if (!results.empty() && !results.back().score)
      return fmt::format("trial {}: {}", number, results.back().error);
  }
  return "it ended before the first score";
}

std::vector<const Json*> best_first(const Json& summary) {
  const double sign = summary.at("larger_is_better").get<bool>() ? -1 : 1;
  std::vector<const Json*> trials;
  for (const Json& trial : summary.at("trials"))
    if (trial.contains("score") && trial.at("state") != "failed") trials.push_back(&trial);
  std::ranges::stable_sort(trials, {},
                           [&](const Json* trial) { return sign * trial->at("score").get<double>(); });
  return trials;
}

std::string verdict(const Json& summary) {
  const Json& best = summary.at("best");
  const std::string metric = summary.at("metric");
  if (!summary.at("better").get<bool>())
    return fmt::format("nothing better was found than the configuration as it stands ({} {:.5g})\n", metric,
                       best.at("score").get<double>());
  const Json& standing = summary.at("as_it_stands");
  const std::string before = standing.is_null() ? "no score" : fmt::format("{:.5g}", standing.get<double>());
  return fmt::format("the best is trial {}: {} {:.5g}; the configuration as it stands: {}\n  {}\n",
                     best.at("trial").get<int>(), metric, best.at("score").get<double>(), before,
                     describe_values(best.at("values").get<tuning::Assignment>()));
}

}  // namespace

Json search_summary(const SearchFacts& facts, const tuning::SearchSpace& space,
                    const tuning::Search& search) {
  const auto best = search.best();
  if (!best) {
    throw Error(Topic::kNoTrial, "none of the {} trials of the search '{}' came to a score; {}",
                search.trials().size(), facts.name, first_error(search));
  }
  const auto standing = search.trials().front().score();
  Json json{{"search", facts.name},
            {"id", facts.id},
            {"begun", facts.begun},
            {"summarized", facts.summarized},
            {"complete", search.is_over()},
            {"metric", facts.metric},
            {"larger_is_better", facts.larger_is_better},
            {"epochs", search.epochs()},
            {"folder", facts.folder},
            {"better", *best != 0},
            {"as_it_stands", standing ? Json(*standing) : Json()},
            {"best",
             {{"trial", *best},
              {"score", *search.trials()[*best].score()},
              {"values", search.trials()[*best].assignment}}}};
  for (std::size_t number = 0; number < search.trials().size(); ++number)
    json["trials"].push_back(trial_json(search.trials()[number], number));
  for (const auto& [key, share, trials] : tuning::importance(space, search, facts.larger_is_better))
    json["importance"].push_back({{"key", key}, {"share", share}, {"trials", trials}});
  return json;
}

std::string describe_values(const tuning::Assignment& values) {
  if (values.empty()) return "the configuration as it stands";
  std::vector<std::string> parts;
  for (const auto& [key, value] : values) {
    const std::string text =
        value.is_number_float() ? fmt::format("{:.4g}", value.get<double>()) : value.dump();
    parts.push_back(key + " " + text);
  }
  return join(parts, ", ");
}

std::string search_text(const Json& summary) {
  std::string text = fmt::format("{:>5} {:<8} {:>6} {:>10}  values\n", "trial", "state", "epochs",
                                 summary.at("metric").get<std::string>());
  const std::vector<const Json*> trials = best_first(summary);
  for (std::size_t i = 0; i < std::min(trials.size(), kShownTrials); ++i) {
    const Json& trial = *trials[i];
    text += fmt::format("{:>5} {:<8} {:>6} {:>10.5g}  {}\n", trial.at("trial").get<int>(),
                        trial.at("state").get<std::string>(), trial.at("epochs").get<int>(),
                        trial.at("score").get<double>(),
                        describe_values(trial.at("values").get<tuning::Assignment>()));
  }
  if (trials.size() > kShownTrials) text += fmt::format("  and {} more\n", trials.size() - kShownTrials);
  text += fmt::format("\n{}\nshare of the differences that goes with each parameter:\n", verdict(summary));
  for (const Json& item : summary.at("importance"))
    text += fmt::format("{:>5.0f} %  {}\n", 100 * item.at("share").get<double>(),
                        item.at("key").get<std::string>());
  return text;
}

}  // namespace millrace
