#include "drift/kolmogorov.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace millrace {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::uint64_t kLargestExact = 10000;

double clipped(double probability) {
  return std::clamp(probability, 0.0, 1.0);
}

// P(D+ >= d): Z. Birnbaum, F. Tingey, "One-sided confidence contours for probability distribution functions",
// Annals of Mathematical Statistics 22 (1951), eq. 3.0.
double one_sided(double d, std::uint64_t n) {
  const auto size = static_cast<double>(n);
  double sum = 0;
  for (std::uint64_t j = 0; static_cast<double>(j) <= size * (1 - d); ++j) {
    const auto k = static_cast<double>(j);
    const double beyond = 1 - d - k / size;
    const double binomial = std::lgamma(size + 1) - std::lgamma(k + 1) - std::lgamma(size - k + 1);
    const double power = j == n ? 0 : (size - k) * std::log(beyond);
    if (j < n && beyond <= 0) continue;
    sum += std::exp(binomial + power + (k - 1) * std::log(d + k / size));
  }
  return d * sum;
}

// A square matrix with a power of two of its own, so that its entries stay in range.
struct ScaledMatrix {
  std::size_t size;
  std::vector<double> entries;
  int exponent = 0;

  double& at(std::size_t row, std::size_t column) { return entries[row * size + column]; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return entries[row * size + column]; }
  void rescale() {
    int power = 0;
    std::frexp(*std::ranges::max_element(entries), &power);
    for (double& entry : entries) entry = std::ldexp(entry, -power);
    exponent += power;
  }
};

ScaledMatrix product(const ScaledMatrix& a, const ScaledMatrix& b) {
  ScaledMatrix c{a.size, std::vector<double>(a.size * a.size), a.exponent + b.exponent};
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t k = 0; k < a.size; ++k) {
      const double factor = a.at(i, k);
      for (std::size_t j = 0; j < a.size; ++j) c.at(i, j) += factor * b.at(k, j);
    }
  }
  c.rescale();
  return c;
}

// J. Durbin's matrix as G. Marsaglia, W. Tsang, J. Wang write it: "Evaluating Kolmogorov's distribution",
// Journal of Statistical Software 8 (2003), section 2. d = (k − h) / n.
ScaledMatrix durbin_matrix(std::size_t k, double h) {
  const std::size_t m = 2 * k - 1;
  ScaledMatrix matrix{m, std::vector<double>(m * m), 0};
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m && j <= i + 1; ++j)
      matrix.at(i, j) = std::exp(-std::lgamma(static_cast<double>(i - j + 1) + 1));
  }
  for (std::size_t i = 0; i < m; ++i) {
    const double power = std::pow(h, static_cast<double>(i + 1));
    const double factorial = std::exp(std::lgamma(static_cast<double>(i + 1) + 1));
    matrix.at(i, 0) -= power / factorial;
    matrix.at(m - 1, m - 1 - i) -= power / factorial;
  }
  if (h > 0.5)
    matrix.at(m - 1, 0) +=
        std::pow(2 * h - 1, static_cast<double>(m)) / std::exp(std::lgamma(static_cast<double>(m) + 1));
  return matrix;
}

double durbin_cdf(double d, std::uint64_t n) {
  const double nd = static_cast<double>(n) * d;
  const auto k = static_cast<std::size_t>(std::ceil(nd));
  ScaledMatrix base = durbin_matrix(k, static_cast<double>(k) - nd);
  ScaledMatrix power{base.size, std::vector<double>(base.size * base.size), 0};
  for (std::size_t i = 0; i < base.size; ++i) power.at(i, i) = 1;
  for (std::uint64_t left = n; left > 0; left /= 2) {
    if (left % 2 == 1) power = product(power, base);
    base = product(base, base);
  }
  const auto size = static_cast<double>(n);
  const double log_factor = std::lgamma(size + 1) - size * std::log(size);
  const double entry = power.at(k - 1, k - 1);
  return std::exp(std::log(entry) + power.exponent * std::numbers::ln2 + log_factor);
}

// W. Pelz, I. Good, "Approximating the lower tail-areas of the Kolmogorov-Smirnov one-sample statistic",
// Journal of the Royal Statistical Society B 38 (1976), in the form of Simard and L'Ecuyer's section 3.3.
double pelz_good_cdf(double d, std::uint64_t n) {
  const double z = std::sqrt(static_cast<double>(n)) * d;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double z6 = z4 * z2;
  const double z8 = z4 * z4;
  const double pi2 = kPi * kPi;
  std::array<double, 4> sums{};
  double even2 = 0;
  double even3 = 0;
  const int terms = static_cast<int>(std::ceil(16 * z / kPi)) + 1;
  for (int k = terms; k >= 1; --k) {
    const double odd = 2.0 * k - 1;
    const double a = odd * odd * pi2 / 4;  // (2k − 1)² π² / 4
    const double weight = std::exp(-a / (2 * z2));
    sums[0] += weight;
    sums[1] += weight * (a - z2);
    sums[2] += weight * (6 * z6 + 2 * z4 + a * (2 * z4 - 5 * z2) + a * a * (1 - 2 * z2));
    sums[3] += weight * (-30 * z6 - 90 * z8 + a * (135 * z4 - 96 * z6) + a * a * (212 * z4 - 60 * z2) +
                         a * a * a * (5 - 30 * z2));
    const double b = static_cast<double>(k) * k * pi2;  // k² π²
    const double even = std::exp(-b / (2 * z2));
    even2 += even * b;
    even3 += even * b * (3 * z2 - b);
  }
  const double root = std::sqrt(2 * kPi);
  const double k0 = root / z * sums[0];
  const double k1 = root / (6 * z4) * sums[1];
  const double k2 = root / (72 * z6 * z) * sums[2] - root / (36 * z2 * z) * even2;
  const double k3 = root / (6480 * z8 * z2) * sums[3] + root / (216 * z6) * even3;
  const double r = std::sqrt(static_cast<double>(n));
  return k0 + k1 / r + k2 / (r * r) + k3 / (r * r * r);
}

double nearly_everywhere_inside(double t, std::uint64_t n) {  // 1/2 < n·d <= 1: M. Ruben, J. Gambino, 1982
  const auto size = static_cast<double>(n);
  return t <= 0.5 ? 0 : std::exp(std::lgamma(size + 1) + size * std::log((2 * t - 1) / size));
}

}  // namespace

double one_sample_ks_p(double distance, std::uint64_t n) {
  const auto size = static_cast<double>(n);
  if (distance >= 1) return 0;
  const double t = size * distance;
  if (t <= 1) return clipped(1 - nearly_everywhere_inside(t, n));
  if (t >= size - 1) return 2 * std::pow(1 - distance, size);
  const double nd2 = t * distance;
  if (distance >= 0.5 || nd2 >= (n <= 140 ? 4 : 2.2))
    return nd2 >= 370 ? 0 : clipped(2 * one_sided(distance, n));
  const bool small = n <= 140 || (n <= 100000 && size * std::pow(distance, 1.5) <= 1.4);
  return clipped(1 - (small ? durbin_cdf(distance, n) : pelz_good_cdf(distance, n)));
}

double exact_two_sample_ks_p(double distance, std::uint64_t m, std::uint64_t n) {
  const auto common = static_cast<double>(std::gcd(m, n));
  const double step_m = static_cast<double>(n) / common;  // in units of 1 / lcm(m, n)
  const double step_n = static_cast<double>(m) / common;
  const double border = std::round(distance * static_cast<double>(m) * step_m);
  if (border <= 0) return 1;
  // crossed[j]: that a random path to (i, j) has touched the border.
  std::vector<double> crossed(n + 1);
  for (std::uint64_t i = 0; i <= m; ++i) {
    for (std::uint64_t j = 0; j <= n; ++j) {
      const auto x = static_cast<double>(i);
      const auto y = static_cast<double>(j);
      if (std::abs(x * step_m - y * step_n) >= border) {
        crossed[j] = 1;
      } else if (i + j > 0) {
        const double from_left = i > 0 ? x * crossed[j] : 0;
        const double from_below = j > 0 ? y * crossed[j - 1] : 0;
        crossed[j] = (from_left + from_below) / (x + y);
      }
    }
  }
  return clipped(crossed[n]);
}

double two_sample_ks_p(double distance, std::uint64_t m, std::uint64_t n) {
  if (std::max(m, n) <= kLargestExact) return exact_two_sample_ks_p(distance, m, n);
  const auto a = static_cast<double>(m);
  const auto b = static_cast<double>(n);
  return one_sample_ks_p(distance, static_cast<std::uint64_t>(std::nearbyint(a * b / (a + b))));
}

}  // namespace millrace
