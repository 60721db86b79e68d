#include "features/fit_vocabulary.hpp"

#include <utility>

namespace millrace {

FittedVocabulary fit_vocabulary(const CategoricalFeature& config, const ColumnStatistics& statistics) {
  std::vector<std::string> levels;
  std::uint64_t rows = 0;
  for (auto& [level, count] : statistics.distinct.most_frequent(config.max_levels)) {
    if (count < config.min_count) break;
    levels.push_back(std::move(level));
    rows += count;
  }
  return {Vocabulary(std::move(levels)), rows == statistics.present()};
}

}  // namespace millrace
