#include "validation/validate.hpp"

#include <algorithm>
#include <iterator>

#include "validation/leakage.hpp"
#include "validation/planned_checks.hpp"
#include "validation/reference_checks.hpp"

namespace millrace {

namespace {

class Validation {
 public:
  Validation(const Communicator& comm, const Dataset& dataset, const Workspace& workspace,
             std::vector<PlannedCheck> checks)
      : comm_(comm), dataset_(dataset), workspace_(workspace), checks_(std::move(checks)) {}

  Verdict verdict() {
    count_rows();
    for (PlannedCheck& check : checks_) {
      if (check.counts_repeats) take(check, count_repeats(comm_, dataset_, workspace_, check.result.column));
    }
    show_samples();
    Verdict verdict;
    for (PlannedCheck& check : checks_) verdict.checks.push_back(std::move(check.result));
    return verdict;
  }

 private:
  void count_rows() {
    std::vector<RowCheck> row_checks;
    std::vector<PlannedCheck*> owners;
    for (PlannedCheck& check : checks_) {
      if (!check.row_check) continue;
      row_checks.push_back(std::move(*check.row_check));
      owners.push_back(&check);
    }
    std::vector<RowCounts> counts = count_unexpected(comm_, dataset_, workspace_, row_checks);
    for (std::size_t i = 0; i < counts.size(); ++i) take(*owners[i], std::move(counts[i]));
  }

  // Only failed checks show samples: of 2,000 columns' outliers nobody reads more, and every rank gets them.
  void take(PlannedCheck& check, RowCounts counts) {
    check.judge(counts.rows, counts.unexpected);
    if (check.result.passed) return;
    failed_.push_back(&check.result);
    samples_.push_back(std::move(counts.samples));
  }

  void show_samples() {
    std::vector<Json> shown = first_samples(comm_, samples_);
    for (std::size_t i = 0; i < failed_.size(); ++i) failed_[i]->samples = std::move(shown[i]);
  }

  const Communicator& comm_;
  const Dataset& dataset_;
  const Workspace& workspace_;
  std::vector<PlannedCheck> checks_;
  std::vector<CheckResult*> failed_;
  std::vector<std::vector<Sample>> samples_;  // of the failed checks, on this rank
};

}  // namespace

Verdict validate(const Communicator& comm, const ValidationConfig& config, const TargetConfig& target,
                 const Dataset& dataset, const Workspace& workspace, const Reference* reference) {
  check_expectations(config, dataset);
  if (config.reference.dataset == "none") reference = nullptr;
  Verdict verdict = Validation(comm, dataset, workspace, planned_checks(config, dataset)).verdict();
  if (reference != nullptr) pass_known_outliers(reference->verdict, verdict.checks);
  const auto append = [&](std::vector<CheckResult> results) {
    std::ranges::move(results, std::back_inserter(verdict.checks));
  };
  append(check_leakage(comm, config.leakage, target, dataset, workspace));
  append(check_reference(comm, config.reference, reference, dataset, workspace));
  return verdict;
}

}  // namespace millrace
