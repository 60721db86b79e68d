#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "features/fit.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

// "No (5,174 rows), Yes (1,869 rows)": the most frequent levels, for messages.
std::string levels_found(const ColumnStatistics& statistics) {
  constexpr std::size_t kLimit = 8;
  std::vector<std::string> shown;
  for (const auto& [level, count] : statistics.distinct.most_frequent(kLimit)) {
    shown.push_back(fmt::format("{} ({} rows)", millrace::quoted(level), human_count(count)));
  }
  if (statistics.distinct.count() > shown.size()) shown.emplace_back("…");
  return join(shown, ", ");
}

class TargetFit {
 public:
  TargetFit(const TargetConfig& config, const ColumnStatistics& statistics)
      : config_(config), statistics_(statistics) {
    plan_.column = config.column.text;
    plan_.type = statistics.type;
  }

  TargetPlan result() {
    if (statistics_.rows == 0) {
      throw Error(Topic::kNoTrainingRows,
                  "there are no rows to train on: data.split and data.filter leave none of them");
    }
    if (statistics_.present() == 0)
      throw Error(Topic::kMissingTargets, "{} has no values: every row is missing", where());
    plan_.task = config_.task.empty() ? inferred_task() : config_.task;
    if (plan_.task == "regression") {
      fit_regression();
    } else {
      fit_classes();
    }
    return plan_;
  }

 private:
  [[nodiscard]] std::string where() const {
    const std::string mark = config_.column.mark.file.empty() ? "" : config_.column.mark.str() + ": ";
    return fmt::format("{}the target '{}'", mark, plan_.column);
  }

  [[nodiscard]] bool is_zero_or_one() const {
    const auto& counts = statistics_.distinct.counts();
    return counts.size() == 2 && counts.contains("0") && counts.contains("1");
  }

  [[nodiscard]] std::string inferred_task() const {
    if (!config_.positive.empty()) return "binary";
    switch (plan_.type.kind) {
      case TypeKind::kText:
        return statistics_.distinct.exact() && statistics_.distinct.count() <= 2 ? "binary" : "multiclass";
      case TypeKind::kBoolean:
        return "binary";
      case TypeKind::kInteger:
      case TypeKind::kReal:
      case TypeKind::kDecimal:
        return is_zero_or_one() ? "binary" : "regression";
      case TypeKind::kDate:
      case TypeKind::kTimestamp:
        break;
    }
    throw Error(Topic::kTargetType,
                "{} is a {}, which no model predicts: name another column, or data.target.task", where(),
                to_string(plan_.type));
  }

  void fit_regression() {
    if (!config_.positive.empty()) {
      throw Error(Topic::kTargetLevel,
                  "{}: data.target.positive is for binary classes, but the task is regression", where());
    }
    if (plan_.type == ColumnType::kText) {
      throw Error(Topic::kTargetType,
                  "{} is text ({}), but regression needs numbers: if they are numbers with other words "
                  "among them, name those in data.missing or declare data.types: {{{}: real}}",
                  where(), levels_found(statistics_), plan_.column);
    }
    plan_.mean = statistics_.mean;
    plan_.deviation = statistics_.standard_deviation();
    if (plan_.deviation == 0 || statistics_.min == statistics_.max) {
      throw Error(Topic::kConstantTarget, "{} has the same value in all {} rows: there is nothing to learn",
                  where(), human_count(statistics_.present()));
    }
    if (!std::isfinite(plan_.deviation)) {
      throw Error(Topic::kLargeValues, "{} has values up to {:g}, too large to scale", where(),
                  statistics_.max);
    }
  }

  void fit_classes() {
    const std::uint64_t levels = statistics_.distinct.count();
    if (!statistics_.distinct.exact() || (levels > kMaxClasses && config_.positive.empty())) {
      throw Error(Topic::kManyClasses,
                  "{} has {}{} classes, more than {}: is it a number in the wrong format, or an "
                  "identifier? found: {}",
                  where(), statistics_.distinct.exact() ? "" : "about ", human_count(levels), kMaxClasses,
                  levels_found(statistics_));
    }
    if (levels == 1) {
      throw Error(Topic::kOneClassTarget, "{} has a single class: {}; two are needed to learn from", where(),
                  levels_found(statistics_));
    }
    plan_.classes = ordered_levels();
    if (!config_.positive.empty()) return put_positive_last();
    if (plan_.task == "binary" && levels > 2) {
      throw Error(Topic::kTargetLevel,
                  "{} has {} levels, but the task is binary: name one as data.target.positive; found: {}",
                  where(), human_count(levels), levels_found(statistics_));
    }
  }

  // By number where the column has numbers, by text otherwise.
  [[nodiscard]] std::vector<std::string> ordered_levels() const {
    std::vector<std::string> levels;
    for (const auto& [level, count] : statistics_.distinct.counts()) levels.push_back(level);
    std::sort(levels.begin(), levels.end());
    if (!is_number(plan_.type)) return levels;
    const auto number = [](const std::string& level) {
      double value = 0;
      parse_real(level, value);
      return value;
    };
    std::stable_sort(levels.begin(), levels.end(),
                     [&](const std::string& a, const std::string& b) { return number(a) < number(b); });
    return levels;
  }

  void put_positive_last() {
    if (plan_.task != "binary") {
      throw Error(Topic::kTargetLevel, "{}: data.target.positive is for binary classes, but the task is {}",
                  where(), plan_.task);
    }
    for (const std::string& level : config_.positive) require_level(level);
    const std::string& first = config_.positive.front();
    if (config_.positive.size() == 1 && plan_.classes.size() == 2) {
      if (plan_.classes.front() == first) std::swap(plan_.classes[0], plan_.classes[1]);
      return;
    }
    if (config_.positive.size() >= plan_.classes.size()) {
      throw Error(Topic::kTargetLevel, "{}: data.target.positive names every level; found: {}", where(),
                  levels_found(statistics_));
    }
    plan_.positive = config_.positive;
    plan_.classes = {"not " + first, first};
  }

  void require_level(const std::string& level) const {
    if (std::find(plan_.classes.begin(), plan_.classes.end(), level) != plan_.classes.end()) return;
    throw Error(Topic::kTargetLevel, "{} has no level {}{}; found: {}", where(), millrace::quoted(level),
                suggestion(level, plan_.classes), levels_found(statistics_));
  }

  const TargetConfig& config_;
  const ColumnStatistics& statistics_;
  TargetPlan plan_;
};

}  // namespace

TargetPlan fit_target(const TargetConfig& config, const ColumnStatistics& statistics) {
  return TargetFit(config, statistics).result();
}

}  // namespace millrace
