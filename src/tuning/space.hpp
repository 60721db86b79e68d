// A search space: parameters, some of which count only while others have certain values.
#pragma once

#include <functional>
#include <vector>

#include "tuning/parameter.hpp"

namespace millrace::tuning {

class SearchSpace {
 public:
  explicit SearchSpace(const std::map<std::string, TuningParameter>& space);

  // In the order of their keys, but behind those that they depend on.
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

  // Asks for the value of each parameter that counts, in order.
  using Choose = std::function<Json(std::size_t index, const Parameter& parameter)>;
  [[nodiscard]] Assignment assign(const Choose& choose) const;

  // Point `index` of the grid, the last parameter changing fastest; nothing behind its end. Each point is
  // there once, whatever does not count in it. Throws kSearchSpace where a parameter has no steps.
  [[nodiscard]] std::optional<Assignment> grid_point(std::uint64_t index) const;

 private:
  std::vector<Parameter> parameters_;
};

}  // namespace millrace::tuning
