// Money and quantities in exact arithmetic: whole millionths of the currency's unit, whole milliseconds of a
// core or GPU. Sums are the same in whatever order and groups they are taken. Each charge is rounded once, to
// the nearest millionth, halves up.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "config/cost_config.hpp"

namespace millrace {

inline constexpr std::int64_t kHourMs = 3'600'000;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;
inline constexpr std::int64_t kMonthMs = 730 * kHourMs;  // of a price: a twelfth of 8,760 h

class Money {
 public:
  Money() = default;
  static Money of_micros(std::int64_t micros);
  // To the nearest millionth. Throws kWrongValue, naming `what`, where it is below 0 or beyond 10^12.
  static Money of(double amount, const std::string& what);

  [[nodiscard]] std::int64_t micros() const { return micros_; }
  // The nearest binary number, which prints as the decimal: for JSON.
  [[nodiscard]] double value() const;
  [[nodiscard]] std::string text() const;  // "180.00", halves up

  Money& operator+=(Money other);
  friend Money operator+(Money a, Money b) { return a += b; }
  // What is left of `a`; nothing where b is more.
  friend Money operator-(Money a, Money b);
  friend std::strong_ordering operator<=>(Money a, Money b) { return a.micros_ <=> b.micros_; }
  friend bool operator==(Money a, Money b) = default;

 private:
  std::int64_t micros_ = 0;
};

// round(value × numerator / denominator), halves up; 0 <= value, numerator; 0 < denominator.
std::int64_t scaled(std::int64_t value, std::int64_t numerator, std::int64_t denominator);
// `part` of `whole` parts of `total`, cut so that consecutive parts add up: [from, to) of [0, whole).
std::int64_t share(std::int64_t total, std::int64_t from, std::int64_t to, std::int64_t whole);
// Billionths of a GB-month: `bytes` kept for `ms`.
std::int64_t storage_of(std::uint64_t bytes, std::int64_t ms);

// What so many milliseconds of a core or GPU cost.
Money price_of_time(std::int64_t ms, Money per_hour);
Money price_of_storage(std::int64_t nano_gb_months, Money per_gb_month);

// Whether `amount` is at least `percent` of `whole`, the percentage taken to the millionth.
bool reaches(Money amount, double percent, Money whole);

struct Prices {
  std::string currency;
  std::optional<Money> cpu_hour, gpu_hour, gb_month;
};
// Throws kWrongValue.
Prices prices_of(const CostConfig& config);

}  // namespace millrace
