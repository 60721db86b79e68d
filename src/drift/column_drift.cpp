#include "drift/column_drift.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "drift/kolmogorov.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kSmallReference = 1000;
constexpr std::size_t kFewValues = 5;
constexpr double kSignificance = 0.05;
constexpr double kDistance = 0.1;
constexpr double kLeastDeviation = 0.001;  // that a distance is divided by

std::size_t different_values(const ColumnDistribution& reference, const ColumnDistribution& current) {
  if (!reference.of_levels()) return all_points(reference.numbers, current.numbers).size();
  std::set<std::string> levels;
  for (const auto& [level, rows] : reference.levels.rows) levels.insert(level);
  for (const auto& [level, rows] : current.levels.rows) levels.insert(level);
  return levels.size();
}

bool is_of_numbers(const std::string& test) {
  return test == "ks" || test == "wasserstein";
}

double ks_score(const ColumnDistribution& reference, const ColumnDistribution& current) {
  return two_sample_ks_p(ks_distance(reference.numbers, current.numbers), reference.present(),
                         current.present());
}

double wasserstein_score(const ColumnDistribution& reference, const ColumnDistribution& current) {
  return wasserstein_distance(reference.numbers, current.numbers) /
         std::max(reference.numbers.deviation(), kLeastDeviation);
}

double hellinger_score(const ColumnDistribution& reference, const ColumnDistribution& current,
                       const ColumnDrift& drift, const ColumnRules& rules) {
  const bool evidently = rules.bins.name == "evidently" && rules.bins.edges.empty();
  if (!evidently) return hellinger_distance(drift.bins.rows);
  return hellinger_distance(
      (reference.of_levels() ? value_bins(reference, current) : distinct_value_bins(reference, current))
          .rows);
}

double score_of(const ColumnDistribution& reference, const ColumnDistribution& current,
                const ColumnDrift& drift, const ColumnRules& rules) {
  if (drift.test == "ks") return ks_score(reference, current);
  if (drift.test == "wasserstein") return wasserstein_score(reference, current);
  if (drift.test == "chisquare") return chi_square_p(value_bins(reference, current).rows);
  if (drift.test == "z") return two_proportions_p(value_bins(reference, current).rows);
  if (drift.test == "jensenshannon") return jensen_shannon_distance(drift.bins.rows);
  if (drift.test == "hellinger") return hellinger_score(reference, current, drift, rules);
  return drift.index;
}

// The p-value of χ² and z must be below their border, the one of ks may be at it.
void decide(ColumnDrift& drift) {
  const bool is_p = drift.test == "ks" || drift.test == "chisquare" || drift.test == "z";
  drift.threshold = is_p ? kSignificance : kDistance;
  if (!is_p) {
    drift.drifted = drift.score >= drift.threshold;
  } else {
    drift.drifted = drift.test == "ks" ? drift.score <= drift.threshold : drift.score < drift.threshold;
  }
}

// Share of the rows whose level the reference does not have; 0 where it does not know all of its own.
double share_of_new_levels(const ColumnDistribution& reference, const ColumnDistribution& current) {
  if (!reference.of_levels() || !reference.exact() || current.present() == 0) return 0;
  std::uint64_t rows = current.levels.other;
  for (const auto& [level, count] : current.levels.rows)
    rows += reference.levels.rows.contains(level) ? 0 : count;
  return static_cast<double>(rows) / static_cast<double>(current.present());
}

// What rows of the reference's own distribution would have: the share of its levels that occur once (I. Good,
// "The population frequencies of species and the estimation of population parameters", Biometrika 40, 1953),
// and four standard errors of so many rows.
double new_levels_by_chance(const ColumnDistribution& reference, const ColumnDistribution& current) {
  if (!reference.of_levels() || reference.present() == 0 || current.present() == 0) return 0;
  const auto once =
      std::ranges::count_if(reference.levels.rows, [](const auto& level) { return level.second == 1; });
  const double share = static_cast<double>(once) / static_cast<double>(reference.present());
  const double rows =
      std::min(static_cast<double>(current.present()), static_cast<double>(reference.present()));
  return share + 4 * std::sqrt(share * (1 - share) / rows);
}

double index_of_missing(const ColumnDistribution& reference, const ColumnDistribution& current) {
  const auto both = [](const ColumnDistribution& column) {
    return std::vector<double>{static_cast<double>(column.missing), static_cast<double>(column.present())};
  };
  return reference.missing == 0 && current.missing == 0
             ? 0
             : population_stability_index({both(reference), both(current)});
}

void raise_level(ColumnDrift& drift, DriftLevel level, const std::string& cause) {
  if (level <= drift.level) return;
  drift.level = level;
  drift.cause = cause;
}

void find_level(ColumnDrift& drift, double missing_index, double missing_by_chance,
                const ColumnRules& rules) {
  if (drift.index > drift.index_by_chance)
    raise_level(drift, level_of(drift.index, rules.drift), fmt::format("index {:.3f}", drift.index));
  if (missing_index > missing_by_chance)
    raise_level(drift, level_of(missing_index, rules.drift),
                fmt::format("{:.1f} % missing, {:.1f} % before", 100 * drift.current_missing,
                            100 * drift.reference_missing));
  raise_level(drift, level_of(drift.new_levels - drift.new_levels_by_chance, rules.new_levels),
              fmt::format("{:.1f} % of new levels", 100 * drift.new_levels));
}

void compare_values(ColumnDrift& drift, const ColumnDistribution& reference,
                    const ColumnDistribution& current, const ColumnRules& rules) {
  drift.compared = true;
  drift.exact = reference.exact() && current.exact();
  drift.bins = common_bins(reference, current, rules.bins);
  drift.index = population_stability_index(drift.bins.rows);
  drift.index_by_chance =
      stability_index_by_chance(drift.bins.rows.reference.size(), static_cast<double>(reference.present()),
                                static_cast<double>(current.present()), rules.chance);
  const bool fits = rules.test != "auto" && !(reference.of_levels() && is_of_numbers(rules.test));
  drift.test = fits ? rules.test : choose_test(reference, current);
  drift.score = score_of(reference, current, drift, rules);
  drift.new_levels = share_of_new_levels(reference, current);
  drift.new_levels_by_chance = new_levels_by_chance(reference, current);
  decide(drift);
}

}  // namespace

std::string to_string(DriftLevel level) {
  constexpr std::array kNames{"none", "warn", "alert", "retrain"};
  return kNames.at(static_cast<std::size_t>(level));
}

DriftLevel level_of(double value, const Ladder& ladder) {
  if (value >= ladder.retrain) return DriftLevel::kRetrain;
  if (value >= ladder.alert) return DriftLevel::kAlert;
  return value >= ladder.warn ? DriftLevel::kWarn : DriftLevel::kNone;
}

ColumnRules rules_for(const MonitoringConfig& monitoring, const std::string& column, std::size_t columns) {
  ColumnRules rules{monitoring.test,
                    {monitoring.bins, {}},
                    monitoring.drift,
                    monitoring.new_levels,
                    0.01 / static_cast<double>(std::max<std::size_t>(columns, 1))};
  const auto own = monitoring.columns.find(column);
  if (own == monitoring.columns.end()) return rules;
  const ColumnMonitoring& settings = own->second;
  if (!settings.test.empty()) rules.test = settings.test;
  rules.bins.edges = settings.edges;
  rules.drift.warn = settings.warn.value_or(rules.drift.warn);
  rules.drift.alert = settings.alert.value_or(rules.drift.alert);
  rules.drift.retrain = settings.retrain.value_or(rules.drift.retrain);
  return rules;
}

std::string choose_test(const ColumnDistribution& reference, const ColumnDistribution& current) {
  const std::size_t values = different_values(reference, current);
  const bool many = !reference.of_levels() && values > kFewValues;
  if (reference.present() > kSmallReference) return many ? "wasserstein" : "jensenshannon";
  if (many) return "ks";
  return values > 2 ? "chisquare" : "z";
}

ColumnDrift compare_columns(const ColumnDistribution& reference, const ColumnDistribution& current,
                            const ColumnRules& rules) {
  ColumnDrift drift;
  drift.name = reference.name;
  drift.type = reference.type;
  drift.reference_rows = reference.rows;
  drift.current_rows = current.rows;
  drift.reference_missing = reference.missing_share();
  drift.current_missing = current.missing_share();
  if (reference.present() == 0 || current.rows == 0) return drift;
  if (current.present() == 0) {
    raise_level(drift, DriftLevel::kAlert, "no values of type " + to_string(reference.type));
    return drift;
  }
  compare_values(drift, reference, current, rules);
  const double missing_by_chance = stability_index_by_chance(2, static_cast<double>(reference.rows),
                                                             static_cast<double>(current.rows), rules.chance);
  find_level(drift, index_of_missing(reference, current), missing_by_chance, rules);
  return drift;
}

}  // namespace millrace
