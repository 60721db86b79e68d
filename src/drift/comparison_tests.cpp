#include "drift/comparison_tests.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <boost/math/distributions/chi_squared.hpp>

namespace millrace {

namespace {

double total_of(const std::vector<double>& rows) {
  return std::accumulate(rows.begin(), rows.end(), 0.0);
}

std::vector<double> shares_of(const std::vector<double>& rows) {
  const double total = total_of(rows);
  std::vector<double> shares;
  for (const double count : rows) shares.push_back(count / total);
  return shares;
}

// For empty bins.
double stand_in(const std::vector<double>& shares) {
  double smallest = 1;
  for (const double share : shares) smallest = share > 0 ? std::min(smallest, share) : smallest;
  return smallest <= 0.0001 ? smallest / 1e6 : 0.0001;
}

std::vector<double> positive_shares_of(const std::vector<double>& rows) {
  std::vector<double> shares = shares_of(rows);
  std::ranges::replace(shares, 0.0, stand_in(shares));
  return shares;
}

double relative_entropy(double share, double mean) {
  return share > 0 ? share * std::log(share / mean) : 0;
}

}  // namespace

double population_stability_index(const BinnedRows& rows) {
  const std::vector<double> reference = positive_shares_of(rows.reference);
  const std::vector<double> current = positive_shares_of(rows.current);
  double index = 0;
  for (std::size_t i = 0; i < reference.size(); ++i)
    index += (reference[i] - current[i]) * std::log(reference[i] / current[i]);
  return index;
}

double stability_index_by_chance(std::size_t bins, double m, double n, double p) {
  if (bins < 2) return 0;
  const boost::math::chi_squared distribution(static_cast<double>(bins - 1));
  return (1 / m + 1 / n) * quantile(complement(distribution, p));
}

double jensen_shannon_distance(const BinnedRows& rows) {
  const std::vector<double> reference = shares_of(rows.reference);
  const std::vector<double> current = shares_of(rows.current);
  double divergence = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double mean = (reference[i] + current[i]) / 2;
    divergence += (relative_entropy(reference[i], mean) + relative_entropy(current[i], mean)) / 2;
  }
  return std::sqrt(std::max(divergence, 0.0));
}

double hellinger_distance(const BinnedRows& rows) {
  const std::vector<double> reference = shares_of(rows.reference);
  const std::vector<double> current = shares_of(rows.current);
  double overlap = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) overlap += std::sqrt(reference[i] * current[i]);
  return std::sqrt(1 - std::clamp(overlap, 0.0, 1.0));
}

double chi_square_p(const BinnedRows& rows) {
  const double factor = total_of(rows.current) / total_of(rows.reference);
  double statistic = 0;
  for (std::size_t i = 0; i < rows.reference.size(); ++i) {
    const double expected = rows.reference[i] * factor;
    statistic += (rows.current[i] - expected) * (rows.current[i] - expected) / expected;
  }
  if (!std::isfinite(statistic)) return 0;
  if (rows.reference.size() < 2) return 1;
  const boost::math::chi_squared distribution(static_cast<double>(rows.reference.size() - 1));
  return cdf(complement(distribution, statistic));
}

double two_proportions_p(const BinnedRows& rows) {
  const double m = total_of(rows.reference);
  const double n = total_of(rows.current);
  const double first = 1 - rows.reference.front() / m;
  const double second = 1 - rows.current.front() / n;
  const double pooled = (first * m + second * n) / (m + n);
  if (first == second) return 1;
  const double z = (first - second) / std::sqrt(pooled * (1 - pooled) * (1 / m + 1 / n));
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

double ks_distance(const NumberDistribution& reference, const NumberDistribution& current) {
  const CumulativeRows first(reference);
  const CumulativeRows second(current);
  double largest = 0;
  for (const double point : all_points(reference, current)) {
    largest =
        std::max({largest, std::abs(first.up_to(point) / first.rows() - second.up_to(point) / second.rows()),
                  std::abs(first.below(point) / first.rows() - second.below(point) / second.rows())});
  }
  return largest;
}

double wasserstein_distance(const NumberDistribution& reference, const NumberDistribution& current) {
  const CumulativeRows first(reference);
  const CumulativeRows second(current);
  const std::vector<double> points = all_points(reference, current);
  double distance = 0;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double begin = first.up_to(points[i]) / first.rows() - second.up_to(points[i]) / second.rows();
    const double end =
        first.below(points[i + 1]) / first.rows() - second.below(points[i + 1]) / second.rows();
    const double width = points[i + 1] - points[i];
    // The difference is linear in between; where its sign changes there are two triangles.
    const bool crosses = begin * end < 0;
    distance += width * (crosses ? (begin * begin + end * end) / (2 * std::abs(end - begin))
                                 : std::abs(begin + end) / 2);
  }
  return distance;
}

}  // namespace millrace
