#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "scoring/comparison.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kDeciles = 10;

// The first cells of the bins behind the first one: each bin but the last holds a tenth of the rows, or a
// little more.
std::vector<std::int32_t> decile_cells(const PredictionCells& cells, std::uint64_t rows) {
  std::vector<std::int32_t> borders;
  std::uint64_t before = 0;
  std::uint64_t decile = 1;
  for (const auto& [cell, count] : cells) {
    if (before * kDeciles >= decile * rows) {
      borders.push_back(cell);
      while (before * kDeciles >= decile * rows) ++decile;
    }
    before += count;
  }
  return borders;
}

std::vector<std::uint64_t> counts_between(const PredictionCells& cells,
                                          const std::vector<std::int32_t>& borders) {
  std::vector<std::uint64_t> counts(borders.size() + 1);
  for (const auto& [cell, count] : cells) {
    const auto bin = std::upper_bound(borders.begin(), borders.end(), cell) - borders.begin();
    counts[static_cast<std::size_t>(bin)] += count;
  }
  return counts;
}

std::vector<std::uint64_t> counts_of_classes(const PredictionCells& cells, std::size_t classes) {
  std::vector<std::uint64_t> counts(classes);
  for (const auto& [cell, count] : cells) counts.at(static_cast<std::size_t>(cell)) += count;
  return counts;
}

Json population_of(const Comparison& comparison, const TargetPlan& target) {
  Json population;
  std::vector<std::uint64_t> first;
  std::vector<std::uint64_t> second;
  if (target.task == "multiclass") {
    population["classes"] = target.classes;
    first = counts_of_classes(comparison.first, target.classes.size());
    second = counts_of_classes(comparison.second, target.classes.size());
  } else {
    const std::vector<std::int32_t> borders = decile_cells(comparison.first, comparison.rows);
    population["borders"] = Json::array();
    for (const std::int32_t cell : borders) population["borders"].push_back(lower_edge(cell));
    first = counts_between(comparison.first, borders);
    second = counts_between(comparison.second, borders);
  }
  population["rows"] = first;
  population["rows_against"] = second;
  population["shift"] = population_shift(first, second);
  return population;
}

Json bins_of(const Comparison& comparison) {
  Json bins = Json::array();
  for (std::size_t i = 0; i < Comparison::kBins; ++i) {
    const Json end = i < Comparison::kEnds.size() ? Json(Comparison::kEnds.at(i)) : Json(nullptr);
    if (comparison.bins.at(i) > 0) bins.push_back({{"below", end}, {"rows", comparison.bins.at(i)}});
  }
  return bins;
}

std::string scores_text(const Json& scores) {
  std::vector<std::string> texts;
  for (const Json& score : scores) texts.push_back(fmt::format("{:.6g}", score.get<double>()));
  return join(texts, " ");
}

std::string bins_text(const Json& bins) {
  std::string text;
  for (const Json& bin : bins) {
    const std::string end =
        bin["below"].is_null() ? "more" : fmt::format("below {:g}", bin["below"].get<double>());
    text += fmt::format("  {:<14} {:>14}\n", end, human_count(bin["rows"]));
  }
  return text;
}

std::string rows_text(const Json& most) {
  std::string text;
  for (const Json& row : most) {
    text +=
        fmt::format("  {} row {}: {} against {}\n", row["file"].get<std::string>(),
                    row["row"].get<std::uint64_t>(), scores_text(row["scores"]), scores_text(row["against"]));
  }
  return text;
}

}  // namespace

double population_shift(const std::vector<std::uint64_t>& first, const std::vector<std::uint64_t>& second) {
  const auto total = [](const std::vector<std::uint64_t>& counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})) +
           0.5 * static_cast<double>(counts.size());
  };
  double shift = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double p = (static_cast<double>(first[i]) + 0.5) / total(first);
    const double q = (static_cast<double>(second[i]) + 0.5) / total(second);
    shift += (q - p) * std::log(q / p);
  }
  return shift;
}

Json report_of(const Comparison& comparison, const TargetPlan& target) {
  const auto rows = static_cast<double>(std::max<std::uint64_t>(comparison.rows, 1));
  const bool has_classes = target.task != "regression";
  const double agreement = 1 - static_cast<double>(comparison.other_class) / rows;
  return {{"rows", comparison.rows},
          {"unfit", comparison.unfit},
          {"equal", comparison.equal},
          {"other_class", has_classes ? Json(comparison.other_class) : Json(nullptr)},
          {"agreement", has_classes ? Json(agreement) : Json(nullptr)},
          {"mean_difference", comparison.sum / rows},
          {"largest_difference", comparison.largest},
          {"differences", bins_of(comparison)},
          {"population", population_of(comparison, target)},
          {"most_different", comparison.most}};
}

std::string report_text(const Json& report) {
  std::string text = fmt::format("{} rows compared, {} equal to the bit\n", human_count(report["rows"]),
                                 human_count(report["equal"]));
  if (!report["agreement"].is_null()) {
    text += fmt::format("another class: {} rows (agreement {:.4f} %)\n", human_count(report["other_class"]),
                        100 * report["agreement"].get<double>());
  }
  if (report["unfit"] > 0)
    text += fmt::format("numbers too large for the second model: {} rows\n", human_count(report["unfit"]));
  text += fmt::format("difference: mean {:.3g}, largest {:.3g}\n", report["mean_difference"].get<double>(),
                      report["largest_difference"].get<double>());
  text += bins_text(report["differences"]);
  text += fmt::format("shift of the predictions: {:.4g}\n", report["population"]["shift"].get<double>());
  if (!report["most_different"].empty()) text += "most different:\n" + rows_text(report["most_different"]);
  return text;
}

}  // namespace millrace
