#include "tuning/parameter.hpp"

#include <algorithm>
#include <cmath>

#include "config/search_space.hpp"

namespace millrace::tuning {

namespace {

// (0.5 - 0.1) / 0.1 is a little less than 4.
constexpr double kRounding = 1e-9;

std::pair<double, double> bounds(const TuningParameter& config) {
  if (config.uniform) return *config.uniform;
  if (config.loguniform) return *config.loguniform;
  return {static_cast<double>(config.integer->first), static_cast<double>(config.integer->second)};
}

}  // namespace

Parameter::Parameter(std::string key, TuningParameter config)
    : key_(std::move(key)),
      config_(std::move(config)),
      log_(config_.loguniform.has_value()),
      whole_(has_whole_values(config_)) {
  if (is_choice()) {
    levels_ = config_.choice.size();
  } else {
    measure();
  }
}

void Parameter::measure() {
  std::tie(low_, high_) = bounds(config_);
  step_ = config_.integer ? 1 : config_.step.value_or(0);
  if (step_ > 0) levels_ = static_cast<std::uint64_t>((high_ - low_) / step_ + kRounding) + 1;
  line_begin_ = on_line(low_);
  line_end_ = on_line(levels_ ? low_ + static_cast<double>(*levels_) * step_ : high_);
}

double Parameter::on_line(double number) const {
  return log_ ? std::log(number) : number;
}
double Parameter::off_line(double position) const {
  return log_ ? std::exp(position) : position;
}

bool Parameter::is_active(const Assignment& assignment) const {
  return std::ranges::all_of(config_.when, [&](const auto& condition) {
    const auto value = assignment.find(condition.first);
    return value != assignment.end() && std::ranges::any_of(condition.second, [&](const AnyValue& wanted) {
             return Json::parse(wanted.json) == value->second;
           });
  });
}

Json Parameter::level(std::uint64_t index) const {
  if (is_choice()) return Json::parse(config_.choice.at(index).json);
  return number_value(low_ + static_cast<double>(index) * step_, whole_);
}

std::size_t Parameter::choice_of(const Json& value) const {
  const auto found = std::ranges::find(config_.choice, AnyValue{canonical_json(value)});
  return static_cast<std::size_t>(found - config_.choice.begin());
}

Json Parameter::at(double position) const {
  const double number = off_line(position);
  if (!levels_) return std::clamp(number, low_, high_);
  const double index = std::floor((number - low_) / step_ + kRounding);
  return level(static_cast<std::uint64_t>(std::clamp(index, 0.0, static_cast<double>(*levels_ - 1))));
}

double Parameter::position_of(const Json& value) const {
  const auto number = value.get<double>();
  return levels_ ? (on_line(number) + on_line(number + step_)) / 2 : on_line(number);
}

}  // namespace millrace::tuning
