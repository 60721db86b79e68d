#include "deployment/abtest.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

float number_of(const std::string& label) {
  double value = 0;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), value);
  if (error == std::errc() && end == label.data() + label.size() && std::isfinite(value))
    return static_cast<float>(value);
  throw data_error("label {} is no number", millrace::quoted(label));
}

std::size_t index_of(const TargetPlan& target, const std::string& label) {
  const auto found = std::ranges::find(target.classes, label);
  if (found != target.classes.end()) return static_cast<std::size_t>(found - target.classes.begin());
  throw data_error("label {} is none of the target's classes: {}", millrace::quoted(label),
                   join(target.classes, ", "));
}

float binary_label(const TargetPlan& target, const std::string& label) {
  if (std::ranges::find(target.classes, label) != target.classes.end())
    return static_cast<float>(index_of(target, label));
  if (std::ranges::find(target.positive, label) != target.positive.end()) return 1;
  if (label == "0" || label == "1") return label == "1" ? 1 : 0;
  if (!target.positive.empty()) return 0;  // every other value is negative: features/plan.hpp
  return static_cast<float>(index_of(target, label));
}

float target_of(const TargetPlan& target, const std::string& label) {
  if (target.task == "regression") return number_of(label);
  if (target.task == "binary") return binary_label(target, label);
  return static_cast<float>(index_of(target, label));
}

void add_prediction(const TargetPlan& target, const LoggedAnswer& answer, std::vector<float>& to) {
  if (target.task != "multiclass") {
    if (!answer.prediction)
      throw Error(Topic::kDamagedFile, "request '{}': its answer has no prediction", answer.id);
    return to.push_back(static_cast<float>(*answer.prediction));
  }
  const std::size_t begin = to.size();
  to.resize(begin + target.classes.size(), 0);
  to[begin + index_of(target, answer.predicted_class)] = 1;
}

}  // namespace

std::map<std::uint64_t, LabelledAnswers> labelled_answers(const std::string& workspace_root,
                                                          const std::string& endpoint, const Labels& labels,
                                                          const TargetPlan& target,
                                                          const TimeWindow& window) {
  std::map<std::pair<std::string, std::uint64_t>, LoggedAnswer> answers;
  read_request_log(workspace_root, endpoint, [&](const LoggedAnswer& answer) {
    std::pair key{answer.id, answer.row};
    if (window.contains(answer.time) && labels.contains(key)) answers[std::move(key)] = answer;
  });
  std::map<std::uint64_t, LabelledAnswers> by_version;
  for (const auto& [key, answer] : answers) {
    LabelledAnswers& arm = by_version[answer.version];
    add_prediction(target, answer, arm.predictions);
    arm.targets.push_back(target_of(target, labels.at(key)));
  }
  return by_version;
}

Estimate difference_between(const Estimate& newer, const Estimate& older) {
  const double value = newer.value - older.value;
  return {value, value - std::hypot(newer.value - newer.low, older.high - older.value),
          value + std::hypot(newer.high - newer.value, older.value - older.low)};
}

AbVerdict judge_difference(const Estimate& difference, double margin, bool larger_is_better) {
  const double loss = larger_is_better ? -difference.value : difference.value;
  const double least_loss = larger_is_better ? -difference.high : difference.low;
  const std::string figure =
      fmt::format("{:+.4f} [{:+.4f}, {:+.4f}]", difference.value, difference.low, difference.high);
  if (loss <= margin)
    return {false, fmt::format("the difference is {}, within the margin of {:.4g}", figure, margin)};
  if (least_loss <= 0)
    return {false, fmt::format("the difference is {}: more than the margin of {:.4g}, but it may be chance",
                               figure, margin)};
  return {true, fmt::format("the difference is {}: worse by more than the margin of {:.4g}", figure, margin)};
}

}  // namespace millrace
