// In which of a few bins a prediction falls, so that two versions' predictions, or those of today and of the
// test rows, can be compared. The bins are those of the artifact's reference profile. Internal to serving/.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/json.hpp"
#include "model/kinds.hpp"
#include "model/network.hpp"

namespace millrace {

// Numbers: at most ten bins between borders. Classes of many: a bin each, numbered from 0.
class PredictionBins {
 public:
  // `profile`: what profile.json has under "predictions"; null where the artifact has none: then tenths of
  // the probability, or the sign of the value.
  PredictionBins(Task task, std::size_t outputs, const Json& profile);

  [[nodiscard]] std::size_t size() const { return count_; }
  // size() − 1 of them, ascending; a bin holds its upper border. Of classes: 0.5, 1.5, …
  [[nodiscard]] const std::vector<double>& borders() const { return borders_; }
  // For one row of predictions.
  [[nodiscard]] std::size_t bin_of(std::span<const float> row) const;
  // The share of the profile's rows in each bin; empty without a profile.
  [[nodiscard]] const std::vector<double>& reference() const { return reference_; }

 private:
  void take_numbers(const Json& column);
  void take_classes(const Json& column, const std::vector<std::string>& names);

  bool of_classes_;
  std::vector<double> borders_;
  std::size_t count_ = 0;
  std::vector<double> reference_;
};

}  // namespace millrace
