// How much of what the trials' scores differ by goes with one parameter.
#pragma once

#include <string>
#include <vector>

#include "tuning/search.hpp"

namespace millrace::tuning {

struct Importance {
  std::string key;
  double share = 0;        // 0 to 1
  std::size_t trials = 0;  // that have a value of it and a score
};

// The share of the variance of the scores' ranks that lies between groups of equal or neighbouring values
// (choices, or numbers in four groups of equal size), corrected for what chance gives: ω² (W. L. Hays,
// "Statistics for psychologists", 1963). Scores are those of the first rung, which all trials came to on the
// same terms; failed trials count as the worst. Only main effects show, and values are not drawn evenly by
// tpe: a guide, no measurement. The most important first.
std::vector<Importance> importance(const SearchSpace& space, const Search& search, bool larger_is_better);

}  // namespace millrace::tuning
