// The keys of the section features: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, NumericFeature& numeric) {
  visitor.field("impute", numeric.impute, "What stands in for a missing value",
                {.words = {"median", "mean", "zero"}});
  visitor.field("indicator", numeric.indicator,
                "Adds an input 'was missing' where training rows had missing values");
  visitor.field("scale", numeric.scale, "standard: mean 0, deviation 1", {.words = {"standard", "none"}});
  visitor.field("log1p", numeric.log1p, "Takes log(1 + x) first; the column must not go below 0");
  visitor.field("clip", numeric.clip,
                "Quantiles of the training rows that limit values, such as [0.01, 0.99]",
                {.min = 0, .max = 1});
  visitor.field("bins", numeric.bins, "Quantile bins, as a categorical input; 0: none", {.max = 65535});
}

template <class Visitor>
void describe(Visitor& visitor, CategoricalFeature& categorical) {
  visitor.field("encode", categorical.encode, "auto: one-hot up to onehot_max levels, embedding beyond",
                {.words = {"auto", "onehot", "embedding"}});
  visitor.field("onehot_max", categorical.onehot_max, "Most levels for one-hot inputs");
  visitor.field("min_count", categorical.min_count, "Levels rarer than this share one level", {.min = 1});
  visitor.field("max_levels", categorical.max_levels, "The most frequent levels that are kept", {.min = 1});
  visitor.field("dimension", categorical.dimension, "Of an embedding; 0: from the number of levels",
                {.max = 4096});
}

template <class Visitor>
void describe(Visitor& visitor, ColumnFeature& column) {
  visitor.field("kind", column.kind, "How to treat the column; empty: by its type",
                {.words = {"", "numeric", "categorical"}});
  describe(visitor, column.numeric);
  describe(visitor, column.categorical);
}

template <class Visitor>
void describe(Visitor& visitor, FeaturesConfig& features) {
  visitor.section("numeric", features.numeric, "Numeric columns");
  visitor.section("categorical", features.categorical, "Text columns");
  visitor.table("columns", features.columns, ColumnFeature{"", features.numeric, features.categorical},
                "Single columns by name; a key that is left out keeps the value above");
}

}  // namespace millrace
