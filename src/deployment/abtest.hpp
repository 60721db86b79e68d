// Which of two versions was right more often, once it is known what was right: answers of the request log
// joined with labels.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "deployment/request_log.hpp"
#include "features/plan.hpp"

namespace millrace {

// (request, row) → the label's text.
using Labels = std::map<std::pair<std::string, std::uint64_t>, std::string>;

// Answers of one version whose labels are known, as evaluate() takes them.
struct LabelledAnswers {
  std::vector<float> predictions;  // multiclass: one a class, 1 for the one that was answered
  std::vector<float> targets;
};
// By version, of the answers in `window`. Labels are the target column's values; "0" and "1" serve for binary
// targets as well. A request that was logged twice counts once, as it was answered last. Throws kDataRejected
// for a label that the target does not have, kResource as read_request_log.
std::map<std::uint64_t, LabelledAnswers> labelled_answers(const std::string& workspace_root,
                                                          const std::string& endpoint, const Labels& labels,
                                                          const TargetPlan& target,
                                                          const TimeWindow& window = {});

// A figure with its 95 % interval.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};
// newer − older. The arms are disjoint samples, so the variances add up: the interval is value ± √(a² + b²)
// with the half widths a and b of theirs (each the arm's own end towards the other: intervals of a bootstrap
// need not be symmetric).
Estimate difference_between(const Estimate& newer, const Estimate& older);

struct AbVerdict {
  bool worse = false;  // surely, and by more than the margin
  std::string reason;
};
// Worse: by more than `margin`, and the interval of the difference does not reach equality.
AbVerdict judge_difference(const Estimate& difference, double margin, bool larger_is_better);

}  // namespace millrace
