#include "statistics/quantiles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;

}  // namespace

// Unsigned keys in the order of the doubles: the sign bit flips for positive values, all bits for negative
// ones, whose patterns run backwards.
std::uint64_t order_key(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // −0 becomes 0
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double key_number(std::uint64_t key) {
  return std::bit_cast<double>((key & kSign) != 0 ? key & ~kSign : ~key);
}

QuantileSelection::QuantileSelection(const std::vector<std::uint64_t>& ranks, unsigned digit_bits)
    : digit_bits_(digit_bits) {
  for (const std::uint64_t rank : ranks) targets_.push_back({rank, 0, 0});
  if (targets_.empty()) {
    pass_ = passes();
  } else {
    prefixes_ = {0};
    counts_.assign(bins(), 0);
  }
}

void QuantileSelection::count(double value) {
  if (done()) return;
  const std::uint64_t key = order_key(value);
  const unsigned shift = 64 - digit_bits_ * (pass_ + 1);
  const std::uint64_t prefix = pass_ == 0 ? 0 : key >> (shift + digit_bits_);
  const auto found = std::lower_bound(prefixes_.begin(), prefixes_.end(), prefix);
  if (found == prefixes_.end() || *found != prefix) return;
  const auto slot = static_cast<std::size_t>(found - prefixes_.begin());
  ++counts_[slot * bins() + (key >> shift) % bins()];
}

void QuantileSelection::count(std::span<const double> values) {
  for (const double value : values) count(value);
}

// Moves a target on to the bin of its histogram that holds its rank.
void QuantileSelection::descend(Target& target) const {
  const std::uint64_t* counts = counts_.data() + target.slot * bins();
  std::size_t bin = 0;
  while (bin < bins() && target.rank >= counts[bin]) target.rank -= counts[bin++];
  if (bin == bins()) throw internal_error("a quantile's rank lies beyond the number of values");
  target.prefix = target.prefix << digit_bits_ | bin;
}

void QuantileSelection::refine() {
  if (done()) return;
  prefixes_.clear();
  for (Target& target : targets_) {
    descend(target);
    prefixes_.push_back(target.prefix);
  }
  std::ranges::sort(prefixes_);
  prefixes_.erase(std::unique(prefixes_.begin(), prefixes_.end()), prefixes_.end());
  for (Target& target : targets_) {
    target.slot =
        static_cast<std::size_t>(std::ranges::lower_bound(prefixes_, target.prefix) - prefixes_.begin());
  }
  ++pass_;
  counts_.assign(done() ? 0 : prefixes_.size() * bins(), 0);
}

std::vector<double> QuantileSelection::result() const {
  if (!done()) throw internal_error("quantiles asked for after {} of {} passes", pass_, passes());
  std::vector<double> values;
  for (const Target& target : targets_) values.push_back(key_number(target.prefix));
  return values;
}

QuantilePosition quantile_position(double q, std::uint64_t n) {
  if (n == 0) throw internal_error("a quantile of no values");
  const double position = q * static_cast<double>(n - 1);
  const auto low = std::min(static_cast<std::uint64_t>(position), n - 1);
  return {low, std::min(low + 1, n - 1), position - static_cast<double>(low)};
}

}  // namespace millrace
