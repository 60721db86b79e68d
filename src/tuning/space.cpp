#include "tuning/space.hpp"

#include <algorithm>

#include "base/topics.hpp"

namespace millrace::tuning {

namespace {

// Walks through the points below a partial assignment and stops at the wanted one.
class GridWalk {
 public:
  GridWalk(const std::vector<Parameter>& parameters, std::uint64_t wanted)
      : parameters_(parameters), left_(wanted) {}

  // True where `point` has become the wanted one.
  bool from(std::size_t index, Assignment& point) {
    if (index == parameters_.size()) return left_-- == 0;
    const Parameter& parameter = parameters_[index];
    if (!parameter.is_active(point)) return from(index + 1, point);
    for (std::uint64_t level = 0; level < parameter.levels(); ++level) {
      point[parameter.key()] = parameter.level(level);
      if (from(index + 1, point)) return true;
    }
    point.erase(parameter.key());
    return false;
  }

 private:
  const std::vector<Parameter>& parameters_;
  std::uint64_t left_;
};

void require_steps(const Parameter& parameter) {
  if (parameter.levels()) return;
  throw Error(Topic::kSearchSpace,
              "tuning.space '{}' must have a step, a choice or integers: a grid has no point between two "
              "numbers",
              parameter.key());
}

}  // namespace

SearchSpace::SearchSpace(const std::map<std::string, TuningParameter>& space) {
  std::map<std::string, TuningParameter> left = space;
  const auto is_free = [&](const auto& entry) {
    return std::ranges::none_of(entry.second.when,
                                [&](const auto& condition) { return left.contains(condition.first); });
  };
  while (!left.empty()) {
    const auto next = std::ranges::find_if(left, is_free);
    if (next == left.end()) throw internal_error("a search space whose conditions go round in a circle");
    parameters_.emplace_back(next->first, next->second);
    left.erase(next);
  }
}

Assignment SearchSpace::assign(const Choose& choose) const {
  Assignment assignment;
  for (std::size_t index = 0; index < parameters_.size(); ++index) {
    const Parameter& parameter = parameters_[index];
    if (parameter.is_active(assignment)) assignment[parameter.key()] = choose(index, parameter);
  }
  return assignment;
}

std::optional<Assignment> SearchSpace::grid_point(std::uint64_t index) const {
  std::ranges::for_each(parameters_, require_steps);
  Assignment point;
  if (GridWalk(parameters_, index).from(0, point)) return point;
  return std::nullopt;
}

}  // namespace millrace::tuning
