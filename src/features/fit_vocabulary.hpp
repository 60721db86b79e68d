// Private to features/: the levels of a category.
#pragma once

#include "config/pipeline_config.hpp"
#include "features/plan.hpp"
#include "statistics/column_statistics.hpp"

namespace millrace {

struct FittedVocabulary {
  Vocabulary vocabulary;
  bool covers_all = true;  // no present value of the training rows is rare
};

// The most frequent values, max_levels at most, that occur min_count times or more.
FittedVocabulary fit_vocabulary(const CategoricalFeature& config, const ColumnStatistics& statistics);

}  // namespace millrace
