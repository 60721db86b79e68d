#include "validation/column_changes.hpp"

#include <cmath>

#include "base/text.hpp"
#include "validation/distribution.hpp"

namespace millrace {

namespace {

// Row numbers and other names: each value once.
bool is_identifier(const ColumnStatistics& values) {
  constexpr double kEstimate = 0.95;  // of distinct counts beyond the exact ones, which are 1.6 % off
  const auto present = static_cast<double>(values.present());
  const auto distinct = static_cast<double>(values.distinct.count());
  return values.type == ColumnType::kInteger &&
         distinct >= (values.distinct.exact() ? present : kEstimate * present);
}

// The largest share that one value can have.
double largest_share(const ColumnStatistics& values) {
  const auto present = static_cast<double>(values.present());
  if (!values.distinct.exact()) return 1 - static_cast<double>(values.distinct.count() - 1) / present;
  return static_cast<double>(values.distinct.most_frequent(1).front().second) / present;
}

class ColumnChanges {
 public:
  ColumnChanges(const ReferenceRules& rules, const std::string& column, const ColumnProfile& before,
                const ColumnProfile& now)
      : rules_(rules),
        column_(column),
        before_(before),
        now_(now),
        n_(static_cast<double>(before.statistics.present())),
        m_(static_cast<double>(now.statistics.present())) {}

  std::vector<CheckResult> results() && {
    add_missing();
    if (n_ > 0 && m_ > 0) compare_values();
    return std::move(results_);
  }

 private:
  CheckResult& add(const char* check, bool passed, std::string expected, std::string observed) {
    CheckResult& result = results_.emplace_back();
    result.check = check;
    result.column = column_;
    result.passed = passed;
    result.expected = std::move(expected);
    result.observed = std::move(observed);
    result.action = rules_.changes;
    result.rows = now_.statistics.rows;
    return result;
  }

  void add_missing() {
    const auto rows_before = static_cast<double>(before_.statistics.rows);
    const auto rows_now = static_cast<double>(now_.statistics.rows);
    if (rows_before == 0 || rows_now == 0) return;
    const double before = before_.statistics.missing_share();
    const double now = now_.statistics.missing_share();
    const double pooled = (before * rows_before + now * rows_now) / (rows_before + rows_now);
    const double limit = rules_.missing + share_allowance(pooled, rows_before, rows_now);
    add("missing_change", std::abs(now - before) <= limit,
        fmt::format("share {:.3g} ± {:.3g} of missing values", before, limit), fmt::format("{:.3g}", now))
        .unexpected = now_.statistics.missing;
  }

  void compare_values() {
    add_constant();
    const ColumnType type = now_.statistics.type;
    if ((is_number(type) || type == ColumnType::kBoolean) && !is_identifier(before_.statistics))
      compare_numbers();
    if (type == ColumnType::kText) compare_levels();
  }

  // A column that had several values has one: by chance with a probability of its largest share ^ m.
  void add_constant() {
    if (before_.statistics.distinct.count() < 2 || now_.statistics.distinct.count() > 1) return;
    const bool by_chance = m_ * std::log(largest_share(before_.statistics)) > std::log(kRarity);
    add("constant", by_chance, "2 or more values",
        "only " + millrace::quoted(now_.statistics.distinct.most_frequent(1).front().first));
  }

  void compare_numbers() {
    const NumberDistribution before(before_);
    const NumberDistribution now(now_);
    add_outside(before, now);
    const double limit = rules_.shift + distance_allowance(n_, m_);
    const double distance = before.distance(now);
    add("shift", distance <= limit, fmt::format("distance <= {:.3g}, median {:.6g}", limit, before.median()),
        fmt::format("{:.3g}, median {:.6g}", distance, now.median()));
  }

  void add_outside(const NumberDistribution& before, const NumberDistribution& now) {
    const double share = now.least_below(before.min()) + 1 - now.most_up_to(before.max());
    const double limit = rules_.unseen + 2 * rows_beyond_allowance(n_, m_) / m_;
    add("unseen", share <= limit,
        fmt::format("share <= {:.3g} outside [{:.6g}, {:.6g}]", limit, before.min(), before.max()),
        fmt::format("{:.3g} outside, in [{:.6g}, {:.6g}]", share, now.min(), now.max()))
        .unexpected = static_cast<std::uint64_t>(std::llround(share * m_));
  }

  void compare_levels() {
    const auto& before_values = before_.statistics.distinct;
    const auto& now_values = now_.statistics.distinct;
    if (!before_values.exact() || !now_values.exact()) return;
    const LevelCounts before = before_values.counts();
    const LevelCounts now = now_values.counts();
    add_unseen(unseen_levels(before, now));
    const LevelShift shift = level_shift(before, now);
    const double limit = rules_.shift + shift.allowance;
    add("shift", shift.distance <= limit, fmt::format("distance <= {:.3g}", limit),
        fmt::format("{:.3g}; most: {} from {:.3g} to {:.3g}", shift.distance, millrace::quoted(shift.level),
                    shift.before, shift.now));
  }

  void add_unseen(const UnseenLevels& unseen) {
    const double limit = rules_.unseen + unseen.expected + share_allowance(unseen.expected, n_, m_);
    const std::string example =
        unseen.share > 0 ? ", most often " + millrace::quoted(unseen.most_frequent) : "";
    add("unseen", unseen.share <= limit, fmt::format("share <= {:.3g} of values not seen before", limit),
        fmt::format("{:.3g}{}", unseen.share, example))
        .unexpected = static_cast<std::uint64_t>(std::llround(unseen.share * m_));
  }

  const ReferenceRules& rules_;
  const std::string& column_;
  const ColumnProfile& before_;
  const ColumnProfile& now_;
  double n_;  // values
  double m_;
  std::vector<CheckResult> results_;
};

}  // namespace

std::vector<CheckResult> column_changes(const ReferenceRules& rules, const std::string& column,
                                        const ColumnProfile& before, const ColumnProfile& now) {
  return ColumnChanges(rules, column, before, now).results();
}

}  // namespace millrace
