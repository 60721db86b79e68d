#include "validation/planned_checks.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace millrace {

namespace {

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

Passes share_at_most(double limit) {
  return
      [limit](std::uint64_t rows, std::uint64_t unexpected) { return share_of(unexpected, rows) <= limit; };
}

Passes mostly_passes(double mostly) {
  return [mostly](std::uint64_t rows, std::uint64_t unexpected) {
    return rows == 0 || share_of(rows - unexpected, rows) >= mostly;
  };
}

std::string range_text(const Range& range) {
  if (!range.first && !range.second) return "any number";
  if (!range.first) return fmt::format("at most {}", *range.second);
  if (!range.second) return fmt::format("at least {}", *range.first);
  return fmt::format("in [{}, {}]", *range.first, *range.second);
}

std::string set_text(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> shown(words.begin(), words.begin() + std::min(words.size(), kShown));
  if (words.size() > kShown) shown.push_back(fmt::format("… ({} in all)", words.size()));
  return "one of " + join(shown, ", ");
}

std::string mostly_text(double mostly) {
  return mostly < 1 ? fmt::format(", mostly {}", mostly) : "";
}

double profile_quantile(const ColumnProfile& profile, double share) {
  const auto* const found = std::find(std::begin(kProfileQuantiles), std::end(kProfileQuantiles), share);
  return profile.quantiles.at(static_cast<std::size_t>(found - std::begin(kProfileQuantiles)));
}

// Integers that are only ever two values are flags: to have few of one kind is no outlier.
bool has_outliers(const ColumnProfile& profile) {
  const ColumnStatistics& values = profile.statistics;
  if (profile.quantiles.empty()) return false;
  if (values.type.kind == TypeKind::kReal || values.type.kind == TypeKind::kDecimal) return true;
  return values.type == ColumnType::kInteger && values.distinct.count() > 2;
}

class Plan {
 public:
  Plan(const ValidationConfig& config, const Dataset& dataset) : config_(config), dataset_(dataset) {
    add_row_count();
    for (const std::string& column : config.required) add_required(column);
    for (std::size_t i = 0; i < dataset.schema.size(); ++i) add_rules(i);
    for (const Expectation& expectation : config.expect) {
      if (expectation.action != Action::kIgnore) add_expectation(expectation);
    }
  }
  std::vector<PlannedCheck> checks() && { return std::move(checks_); }

 private:
  PlannedCheck& add(const char* check, const std::string& column, std::string expected, Action action) {
    PlannedCheck& planned = checks_.emplace_back();
    planned.result.check = check;
    planned.result.column = column;
    planned.result.expected = std::move(expected);
    planned.result.action = action;
    return planned;
  }

  void add_row_count() {
    const RowCountRule& rule = config_.rows;
    if (rule.action == Action::kIgnore) return;
    const std::uint64_t rows = dataset_.rows();
    CheckResult& result =
        add("row_count", "",
            rule.max ? fmt::format("{} to {} rows", human_count(rule.min), human_count(*rule.max))
                     : fmt::format("at least {} rows", human_count(rule.min)),
            rule.action)
            .result;
    result.observed = human_count(rows);
    result.rows = rows;
    result.passed = rows >= rule.min && (!rule.max || rows <= *rule.max);
  }

  void add_required(const std::string& column) {
    CheckResult& result = add("required", column, "the column exists", Action::kReject).result;
    result.passed = dataset_.schema.contains(column);
    result.observed = result.passed ? "it does" : "it does not" + suggestion(column, dataset_.schema.names());
  }

  // The rules for every column.
  void add_rules(std::size_t column) {
    const std::string& name = dataset_.schema[column].name;
    const bool own_rule =
        std::any_of(config_.expect.begin(), config_.expect.end(),
                    [&](const Expectation& e) { return e.max_missing && e.column.text == name; });
    if (!own_rule && config_.missing.action != Action::kIgnore) {
      add_missing(column, config_.missing.max_share, config_.missing.action);
    }
    const OutlierRule& outliers = config_.outliers;
    if (outliers.method == "iqr" && outliers.action != Action::kIgnore &&
        has_outliers(dataset_.profile[column])) {
      add_outliers(column);
    }
  }

  // Statistics judge; rows are read only for samples of a failure.
  void add_missing(std::size_t column, double max_share, Action action) {
    const std::string& name = dataset_.schema[column].name;
    const ColumnStatistics& values = dataset_.profile[column].statistics;
    PlannedCheck& check = add("missing", name, fmt::format("share <= {}", max_share), action);
    check.passes = share_at_most(max_share);
    check.judge(values.rows, values.missing);
    if (!check.result.passed) check.row_check = RowCheck{name, missing_test(), true};
  }

  // J. Tukey, "Exploratory data analysis", 1977: beyond the quartiles by a multiple of their distance.
  void add_outliers(std::size_t column) {
    const std::string& name = dataset_.schema[column].name;
    const double low = profile_quantile(dataset_.profile[column], 0.25);
    const double high = profile_quantile(dataset_.profile[column], 0.75);
    const double reach = config_.outliers.multiplier * (high - low);
    const Range fences{low - reach, high + reach};
    PlannedCheck& check = add(kOutliers, name,
                              fmt::format("share <= {} outside [{:.6g}, {:.6g}]", config_.outliers.max_share,
                                          *fences.first, *fences.second),
                              config_.outliers.action);
    check.passes = share_at_most(config_.outliers.max_share);
    check.row_check = RowCheck{name, outside_test(fences)};
  }

  void add_expectation(const Expectation& expectation) {
    const std::size_t column = dataset_.schema.index_of(expectation.column.text);
    const ColumnType type = dataset_.schema[column].type;
    if (expectation.type) add_type(expectation, column);
    if (expectation.max_missing) add_missing(column, *expectation.max_missing, expectation.action);
    if (expectation.between) {
      add_row_check("between", expectation, range_text(*expectation.between),
                    outside_test(*expectation.between));
    }
    if (expectation.in_set) {
      add_row_check("in_set", expectation, set_text(*expectation.in_set),
                    not_in_set_test(type, *expectation.in_set));
    }
    if (expectation.regex) {
      add_row_check("regex", expectation, "matches " + expectation.regex->text,
                    not_matching_test(expectation.regex->text));
    }
    if (expectation.unique) add_unique(expectation, column);
  }

  void add_row_check(const char* check, const Expectation& expectation, const std::string& expected,
                     RowTestFactory test) {
    PlannedCheck& planned =
        add(check, expectation.column.text, expected + mostly_text(expectation.mostly), expectation.action);
    planned.passes = mostly_passes(expectation.mostly);
    planned.row_check = RowCheck{expectation.column.text, std::move(test)};
  }

  // Every number is a real number.
  void add_type(const Expectation& expectation, std::size_t column) {
    const ColumnType actual = dataset_.schema[column].type;
    const ColumnType wanted = parse_column_type(expectation.type->text);
    CheckResult& result = add("type", expectation.column.text, to_string(wanted), expectation.action).result;
    result.passed = actual == wanted || (wanted == ColumnType::kReal && is_number(actual));
    const std::string& note = dataset_.inference_notes.at(column);
    result.observed = to_string(actual);
    if (!result.passed && !note.empty()) result.observed += " because of " + note;
  }

  // Statistics can prove that no value repeats; otherwise the values are compared.
  void add_unique(const Expectation& expectation, std::size_t column) {
    const ColumnStatistics& values = dataset_.profile[column].statistics;
    PlannedCheck& check = add("unique", expectation.column.text,
                              "no value twice" + mostly_text(expectation.mostly), expectation.action);
    check.passes = mostly_passes(expectation.mostly);
    const bool proven = values.distinct.exact() && values.distinct.count() == values.present();
    if (proven) check.judge(values.present(), 0);
    check.counts_repeats = !proven;
  }

  const ValidationConfig& config_;
  const Dataset& dataset_;
  std::vector<PlannedCheck> checks_;
};

}  // namespace

void PlannedCheck::judge(std::uint64_t rows, std::uint64_t unexpected) {
  result.rows = rows;
  result.unexpected = unexpected;
  result.passed = passes(rows, unexpected);
  result.observed = rows == 0 ? "no values"
                              : fmt::format("{:.3g} ({} of {})", share_of(unexpected, rows),
                                            human_count(unexpected), human_count(rows));
}

std::vector<PlannedCheck> planned_checks(const ValidationConfig& config, const Dataset& dataset) {
  return Plan(config, dataset).checks();
}

}  // namespace millrace
