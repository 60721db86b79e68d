#include "cost/money.hpp"

#include <cmath>
#include <limits>

#include "base/topics.hpp"

namespace millrace {

namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kNanos = 1'000'000'000;
constexpr std::int64_t kBytesOfGb = 1'000'000'000;
constexpr double kLargest = 1e12;

// What does not fit is more than anybody has: the largest number says that.
std::int64_t fitted(Wide value) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return value > kMost ? kMost : static_cast<std::int64_t>(value);
}

std::int64_t divided(Wide numerator, Wide denominator) {
  return fitted((numerator + denominator / 2) / denominator);
}

std::optional<Money> price(const std::optional<double>& configured, const char* key) {
  if (!configured) return std::nullopt;
  return Money::of(*configured, std::string("cost.prices.") + key);
}

}  // namespace

Money Money::of_micros(std::int64_t micros) {
  Money money;
  money.micros_ = micros;
  return money;
}

Money Money::of(double amount, const std::string& what) {
  if (!(amount >= 0 && amount <= kLargest))
    throw Error(Topic::kWrongValue, "{} is {}: it must be between 0 and 10^12", what, amount);
  return of_micros(std::llround(amount * static_cast<double>(kMicros)));
}

double Money::value() const {
  return static_cast<double>(micros_) / static_cast<double>(kMicros);
}

std::string Money::text() const {
  const std::int64_t hundredths = divided(micros_, kMicros / 100);
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

Money& Money::operator+=(Money other) {
  micros_ = fitted(static_cast<Wide>(micros_) + other.micros_);
  return *this;
}

Money operator-(Money a, Money b) {
  return Money::of_micros(a > b ? a.micros() - b.micros() : 0);
}

std::int64_t scaled(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  return divided(static_cast<Wide>(value) * numerator, denominator);
}

std::int64_t share(std::int64_t total, std::int64_t from, std::int64_t to, std::int64_t whole) {
  if (whole <= 0) return 0;
  const auto until = [&](std::int64_t part) {
    return static_cast<std::int64_t>(static_cast<Wide>(total) * part / whole);
  };
  return until(to) - until(from);
}

std::int64_t storage_of(std::uint64_t bytes, std::int64_t ms) {
  constexpr Wide kWhole = static_cast<Wide>(kBytesOfGb) * kMonthMs / kNanos;
  return divided(static_cast<Wide>(bytes) * ms, kWhole);
}

Money price_of_time(std::int64_t ms, Money per_hour) {
  return Money::of_micros(scaled(ms, per_hour.micros(), kHourMs));
}

Money price_of_storage(std::int64_t nano_gb_months, Money per_gb_month) {
  return Money::of_micros(scaled(nano_gb_months, per_gb_month.micros(), kNanos));
}

bool reaches(Money amount, double percent, Money whole) {
  const Wide threshold = std::llround(percent * static_cast<double>(kMicros));
  return static_cast<Wide>(amount.micros()) * 100 * kMicros >= threshold * whole.micros();
}

Prices prices_of(const CostConfig& config) {
  return {config.currency, price(config.prices.cpu_hour, "cpu_hour"),
          price(config.prices.gpu_hour, "gpu_hour"), price(config.prices.gb_month, "gb_month")};
}

}  // namespace millrace
