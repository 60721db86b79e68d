// What came out of a search, for its folder, the terminal and scripts.
#pragma once

#include <string>

#include "base/json.hpp"
#include "tuning/search.hpp"

namespace millrace {

struct SearchFacts {
  std::string name;
  std::string id;                 // apart from all other searches
  std::string begun, summarized;  // times
  std::string folder;
  std::string metric;
  bool larger_is_better = false;
};

// docs/formats.md, "Searches". Throws kNoTrial where no trial has a score.
Json search_summary(const SearchFacts& facts, const tuning::SearchSpace& space, const tuning::Search& search);

// "model.dropout 0.1, training.learning_rate 0.003", or what stands for the configuration as it is.
std::string describe_values(const tuning::Assignment& values);
// A table of the best trials, what came of the search and which parameters mattered.
std::string search_text(const Json& summary);

}  // namespace millrace
