#include "statistics/distinct.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/error.hpp"
#include "statistics/packed_counts.hpp"
#include "statistics/quantiles.hpp"
#include "table/format.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

constexpr unsigned kIndexBits = 12;
static_assert(DistinctCounter::kRegisters == std::size_t{1} << kIndexBits);
// A register holds the place of the first one among the 52 hash bits after the index: 0 (untouched) … 53.
constexpr unsigned kLargestRegister = 64 - kIndexBits + 1;
// In JSON each register is one letter.
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01";
static_assert(kLetters.size() == kLargestRegister + 1);

std::uint64_t estimate(const std::vector<std::uint8_t>& registers) {
  std::array<std::uint32_t, kLargestRegister + 1> registers_with{};
  for (const std::uint8_t value : registers) ++registers_with.at(value);
  double sum = 0;  // of 2^−register
  for (std::size_t i = 0; i < registers_with.size(); ++i) {
    sum += std::ldexp(registers_with.at(i), -static_cast<int>(i));
  }
  constexpr double kCount = DistinctCounter::kRegisters;
  constexpr double kAlpha = 0.7213 / (1 + 1.079 / kCount);
  // There are more than kExactLimit values, or they would be counted exactly.
  return std::max<std::uint64_t>(DistinctCounter::kExactLimit + 1,
                                 std::llround(kAlpha * kCount * kCount / sum));
}

std::string to_letters(const std::vector<std::uint8_t>& registers) {
  std::string letters;
  for (const std::uint8_t value : registers) letters += kLetters.at(value);
  return letters;
}

std::vector<std::uint8_t> from_letters(const std::string& letters) {
  std::vector<std::uint8_t> registers;
  for (const char letter : letters) registers.push_back(static_cast<std::uint8_t>(kLetters.find(letter)));
  if (registers.size() != DistinctCounter::kRegisters ||
      *std::ranges::max_element(registers) > kLargestRegister) {
    throw resource_error("distinct counts: 'registers' are not {} letters of {}", DistinctCounter::kRegisters,
                         kLetters);
  }
  return registers;
}

}  // namespace

void DistinctCounter::add(std::string_view text, std::uint64_t times) {
  if (!exact()) return observe(xxh3(text));
  const auto found = texts_.find(text);
  if (found != texts_.end()) {
    found->second += times;
  } else {
    texts_.emplace(text, times);
    go_approximate_beyond_limit();
  }
}

void DistinctCounter::add_integer(std::int64_t value, std::uint64_t times) {
  add_bits(std::bit_cast<std::uint64_t>(value), times);
}

void DistinctCounter::add_real(double value, std::uint64_t times) {
  add_bits(std::bit_cast<std::uint64_t>(value + 0.0), times);
}

void DistinctCounter::add_bits(std::uint64_t bits, std::uint64_t times) {
  if (!exact()) return observe_number(bits, times);
  numbers_.add(bits, times);
  go_approximate_beyond_limit();
}

void DistinctCounter::observe(std::uint64_t hash) {
  std::uint8_t& largest = registers_[hash >> (64 - kIndexBits)];
  const std::uint64_t rest = hash << kIndexBits | std::uint64_t{1} << (kIndexBits - 1);  // never 0
  largest = std::max(largest, static_cast<std::uint8_t>(std::countl_zero(rest) + 1));
}

void DistinctCounter::observe_number(std::uint64_t bits, std::uint64_t times) {
  observe(mix_bits(bits));
  buckets_.add(order_key(number_of_bits(bits)), times);
}

void DistinctCounter::go_approximate_beyond_limit() {
  if (texts_.size() + numbers_.size() <= kExactLimit) return;
  registers_.assign(kRegisters, 0);
  for (const auto& entry : texts_) observe(xxh3(entry.first));
  numbers_.for_each([&](std::uint64_t bits, std::uint64_t times) { observe_number(bits, times); });
  texts_ = {};
  numbers_ = {};
}

void DistinctCounter::merge(const DistinctCounter& other) {
  if (type_ != other.type_) {
    throw internal_error("distinct values of type {} merged with {}", to_string(type_),
                         to_string(other.type_));
  }
  for (const auto& [text, times] : other.texts_) add(text, times);
  other.numbers_.for_each([&](std::uint64_t bits, std::uint64_t times) { add_bits(bits, times); });
  if (other.exact()) return;
  if (exact()) {
    DistinctCounter approximate = other;
    approximate.merge(*this);
    *this = std::move(approximate);
    return;
  }
  for (std::size_t i = 0; i < kRegisters; ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
  buckets_.merge(other.buckets_);
}

std::uint64_t DistinctCounter::count() const {
  return exact() ? texts_.size() + numbers_.size() : estimate(registers_);
}

double DistinctCounter::number_of_bits(std::uint64_t bits) const {
  return type_ == ColumnType::kReal ? std::bit_cast<double>(bits)
                                    : number_of(std::bit_cast<std::int64_t>(bits), type_);
}

std::string DistinctCounter::format_bits(std::uint64_t bits) const {
  return type_ == ColumnType::kReal ? format_real(std::bit_cast<double>(bits))
                                    : format_integer(std::bit_cast<std::int64_t>(bits), type_);
}

std::map<std::string, std::uint64_t> DistinctCounter::counts() const {
  std::map<std::string, std::uint64_t> counts(texts_.begin(), texts_.end());
  numbers_.for_each(
      [&](std::uint64_t bits, std::uint64_t times) { counts.emplace(format_bits(bits), times); });
  return counts;
}

CountedNumbers DistinctCounter::numbers() const {
  CountedNumbers numbers;
  numbers_.for_each(
      [&](std::uint64_t bits, std::uint64_t times) { numbers.emplace_back(number_of_bits(bits), times); });
  std::ranges::sort(numbers);
  return numbers;
}

std::vector<std::pair<std::string, std::uint64_t>> DistinctCounter::most_frequent(std::size_t limit) const {
  const auto all = counts();
  std::vector<std::pair<std::string, std::uint64_t>> values(all.begin(), all.end());
  // Stable: values of equal count keep the map's order.
  std::ranges::stable_sort(values, std::greater<>(), [](const auto& value) { return value.second; });
  if (values.size() > limit) values.resize(limit);
  return values;
}

void DistinctCounter::add_formatted(const std::string& text, std::uint64_t times) {
  if (type_ == ColumnType::kText) return add(text, times);
  Column value(type_);
  if (!parse_append(text, value)) throw resource_error("distinct counts: {}", parse_failure(text, type_));
  if (type_ == ColumnType::kReal) return add_real(value.reals[0], times);
  add_integer(value.integers[0], times);
}

BitCounts DistinctCounter::bits() const {
  BitCounts counts;
  numbers_.for_each([&](std::uint64_t bits, std::uint64_t times) { counts.emplace_back(bits, times); });
  std::ranges::sort(counts);
  return counts;
}

void to_json(Json& json, const DistinctCounter& counter) {
  json = {{"type", to_string(counter.type_)}};
  if (!counter.exact()) {
    json["registers"] = to_letters(counter.registers_);
  } else if (counter.numbers_.size() > DistinctCounter::kReadable) {
    json["values"] = counter.count();
    json["packed"] = pack_counts(counter.bits());
  } else {
    json["counts"] = counter.counts();
  }
}

Json with_buckets(const DistinctCounter& counter) {
  Json json = counter;
  if (!counter.exact() && counter.type_ != ColumnType::kText) json["buckets"] = counter.buckets_;
  return json;
}

void from_json(const Json& json, DistinctCounter& counter) {
  const std::string what = "distinct counts";
  counter = DistinctCounter(parse_column_type(json_get<std::string>(json, "type", what)));
  if (json.contains("registers")) {
    counter.registers_ = from_letters(json_get<std::string>(json, "registers", what));
    if (json.contains("buckets")) json["buckets"].get_to(counter.buckets_);
    return;
  }
  if (json.contains("packed")) {
    for (const auto& [bits, times] : unpack_counts(json_get<std::string>(json, "packed", what)))
      counter.add_bits(bits, times);
    return;
  }
  const Json counts = json_get<Json::object_t>(json, "counts", what);
  for (const auto& entry : counts.items())
    counter.add_formatted(entry.key(), json_get<std::uint64_t>(counts, entry.key(), what));
}

}  // namespace millrace
