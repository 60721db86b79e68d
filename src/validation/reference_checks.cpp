#include "validation/reference_checks.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "validation/column_changes.hpp"
#include "validation/distribution.hpp"
#include "validation/new_rows.hpp"
#include "validation/row_checks.hpp"

namespace millrace {

namespace {

// Whole numbers are real numbers too.
bool is_compatible(ColumnType before, ColumnType now) {
  return before == now || (is_number(before) && is_number(now));
}

// What an earlier verdict found; null where it did not look.
const CheckResult* find_check(const Verdict& verdict, const std::string& check, const std::string& column) {
  const auto found = std::ranges::find_if(verdict.checks, [&](const CheckResult& result) {
    return result.check == check && result.column == column;
  });
  return found == verdict.checks.end() ? nullptr : &*found;
}

double share_of(const CheckResult& check) {
  return check.rows == 0 ? 0 : static_cast<double>(check.unexpected) / static_cast<double>(check.rows);
}

// The most that the share of unexpected rows rises to by chance. Both have looked at rows.
double share_by_chance(const CheckResult& before, const CheckResult& now) {
  const auto n = static_cast<double>(before.rows);
  const auto m = static_cast<double>(now.rows);
  const double pooled = static_cast<double>(before.unexpected + now.unexpected) / (n + m);
  return share_of(before) + share_allowance(pooled, n, m);
}

class ReferenceChecks {
 public:
  ReferenceChecks(const ReferenceRules& rules, const Reference& reference, const NewRows& rows)
      : rules_(rules), before_(reference.dataset), now_(rows.dataset), grown_(rows.grown) {}

  std::vector<CheckResult> results() && {
    for (std::size_t i = 0; i < before_.schema.size(); ++i) add_schema(i);
    for (const Field& field : now_.schema) {
      if (!before_.schema.contains(field.name)) add_new_column(field);
    }
    if (rules_.changes == Action::kIgnore) return std::move(results_);
    add_rows();
    for (std::size_t i = 0; i < before_.schema.size(); ++i) add_changes(i);
    return std::move(results_);
  }

 private:
  CheckResult& add(const char* check, const std::string& column, std::string expected, Action action) {
    CheckResult& result = results_.emplace_back();
    result.check = check;
    result.column = column;
    result.expected = std::move(expected);
    result.action = action;
    result.rows = now_.rows();
    return result;
  }

  // Columns of both, of types that can be compared; a column without values has no type of its own.
  [[nodiscard]] bool is_comparable(const Field& before, const ColumnProfile& profile_before) const {
    if (!now_.schema.contains(before.name)) return false;
    const std::size_t i = now_.schema.index_of(before.name);
    return is_compatible(before.type, now_.schema[i].type) || now_.profile[i].statistics.present() == 0 ||
           profile_before.statistics.present() == 0;
  }

  void add_schema(std::size_t column) {
    if (rules_.schema == Action::kIgnore) return;
    const Field& field = before_.schema[column];
    CheckResult& result =
        add("schema", field.name, fmt::format("{}, as before", to_string(field.type)), rules_.schema);
    result.passed = is_comparable(field, before_.profile[column]);
    if (!now_.schema.contains(field.name)) {
      result.observed = "the column is gone" + suggestion(field.name, new_names());
      return;
    }
    const std::size_t today = now_.schema.index_of(field.name);
    result.observed = to_string(now_.schema[today].type);
    const std::string& note = now_.inference_notes.at(today);
    if (!result.passed && !note.empty()) result.observed += " because of " + note;
  }

  [[nodiscard]] std::vector<std::string> new_names() const {
    std::vector<std::string> names = now_.schema.names();
    std::erase_if(names, [&](const std::string& name) { return before_.schema.contains(name); });
    return names;
  }

  void add_new_column(const Field& field) {
    if (rules_.changes == Action::kIgnore) return;
    CheckResult& result = add("schema", field.name, "no new column", rules_.changes);
    result.passed = false;
    result.observed = to_string(field.type);
  }

  // Of a folder that has grown: rows a file.
  void add_rows() {
    const auto files = [&](const Dataset& dataset) {
      return grown_ ? static_cast<double>(std::max<std::size_t>(1, dataset.sources.size())) : 1.0;
    };
    const double before = static_cast<double>(before_.rows()) / files(before_);
    const double now = static_cast<double>(now_.rows()) / files(now_);
    CheckResult& result =
        add("row_change", "",
            fmt::format("{:.0f} to {:.0f} rows{}", std::ceil(before / rules_.rows_factor),
                        std::floor(before * rules_.rows_factor), grown_ ? " a new file" : ""),
            rules_.changes);
    result.observed = fmt::format("{:.0f}", now);
    result.passed = now * rules_.rows_factor >= before && now <= before * rules_.rows_factor;
  }

  void add_changes(std::size_t column) {
    const Field& field = before_.schema[column];
    if (!is_comparable(field, before_.profile[column])) return;
    const ColumnProfile& now = now_.profile[now_.schema.index_of(field.name)];
    std::vector<CheckResult> changes = column_changes(rules_, field.name, before_.profile[column], now);
    std::ranges::move(changes, std::back_inserter(results_));
  }

  const ReferenceRules& rules_;
  const Dataset& before_;
  const Dataset& now_;
  bool grown_;
  std::vector<CheckResult> results_;
};

CheckResult no_reference(const ReferenceRules& rules) {
  CheckResult result;
  result.check = "reference";
  result.expected = "like the last accepted data";
  result.observed = "there is none that was read in the same way";
  result.action = rules.changes;
  return result;
}

// Looked for without a reference too: the next data is compared with what is found here.
CheckResult check_repeated_rows(const Communicator& comm, const ReferenceRules& rules,
                                const CheckResult* before, const Dataset& dataset,
                                const Workspace& workspace) {
  RowCounts counts = count_repeated_rows(comm, dataset, workspace);
  CheckResult result;
  result.check = kRepeatedRows;
  result.action = rules.changes;
  result.rows = counts.rows;
  result.unexpected = counts.unexpected;
  const double now = share_of(result);
  result.observed =
      fmt::format("{:.3g} ({} of {})", now, human_count(counts.unexpected), human_count(counts.rows));
  result.expected = "any share: nothing to compare with";
  if (before == nullptr || before->rows == 0 || counts.rows == 0) return result;
  const double limit = rules.repeated + share_by_chance(*before, result);
  result.expected = fmt::format("share <= {:.3g} of rows that repeat another", limit);
  result.passed = now <= limit;
  if (!result.passed) result.samples = first_samples(comm, std::span(&counts.samples, 1)).front();
  return result;
}

}  // namespace

std::vector<CheckResult> check_reference(const Communicator& comm, const ReferenceRules& rules,
                                         const Reference* reference, const Dataset& dataset,
                                         const Workspace& workspace) {
  std::vector<CheckResult> results;
  if (reference != nullptr) {
    const NewRows rows = new_rows(comm, dataset, reference->dataset, workspace);
    results = ReferenceChecks(rules, *reference, rows).results();
  } else if (rules.dataset != "none") {
    results.push_back(no_reference(rules));
  }
  if (rules.changes != Action::kIgnore) {
    const CheckResult* before = reference ? find_check(reference->verdict, kRepeatedRows, "") : nullptr;
    results.push_back(check_repeated_rows(comm, rules, before, dataset, workspace));
  }
  return results;
}

void pass_known_outliers(const Verdict& reference, std::vector<CheckResult>& checks) {
  for (CheckResult& check : checks) {
    if (check.check != kOutliers || check.passed) continue;
    const CheckResult* before = find_check(reference, kOutliers, check.column);
    if (before == nullptr || before->rows == 0 || share_of(check) > share_by_chance(*before, check)) continue;
    check.passed = true;
    check.observed += ", as in the last accepted data";
    check.samples = Json::array();
  }
}

}  // namespace millrace
