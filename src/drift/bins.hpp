// The bins in which two distributions of a column are compared.
#pragma once

#include <string>
#include <vector>

#include "drift/column_distribution.hpp"
#include "drift/comparison_tests.hpp"

namespace millrace {

// How bins are found: monitoring.bins, or a column's own edges.
struct BinRule {
  std::string name = "quantile10";  // quantile10, sturges, evidently
  std::vector<double> edges;        // ascending, between the bins of numbers; empty: by name
};

struct CommonBins {
  BinnedRows rows;
  // Numbers: between the bins, one fewer than there are; bins hold their lower edge. Empty for bins that are
  // single values.
  std::vector<double> edges;
  std::vector<std::string> labels;  // one a bin
};

// Values of numbers that are bins of their own, at most.
inline constexpr std::size_t kValueBins = 20;
// Levels with fewer of the reference's rows share a bin, with those that it does not have.
inline constexpr double kLeastLevelShare = 0.01;

// By the reference alone: its tenths (or equal widths by Sturges' rule over it), open at both ends; or its
// values, where there are at most kValueBins, and one bin for all others; or its levels, as above. Rule
// "evidently": equal widths over both, single values up to kValueBins of the reference, all levels of both.
CommonBins common_bins(const ColumnDistribution& reference, const ColumnDistribution& current,
                       const BinRule& rule);

// A bin for each value that occurs in one of them.
CommonBins value_bins(const ColumnDistribution& reference, const ColumnDistribution& current);

// Equal widths over the different values of both, as Evidently compares by Hellinger's distance.
CommonBins distinct_value_bins(const ColumnDistribution& reference, const ColumnDistribution& current);

}  // namespace millrace
