#include "table/parse.hpp"

namespace millrace {

namespace {

constexpr std::uint8_t bit(ColumnType type) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(type.kind));
}
constexpr std::uint8_t kNumber = bit(ColumnType::kInteger) | bit(ColumnType::kReal);
constexpr std::uint8_t kTime = bit(ColumnType::kDate) | bit(ColumnType::kTimestamp);

// Each of these tests only what is still open, the narrower type first: what parses as the narrower one
// parses as the wider one too.
std::uint8_t numbers_that_hold(std::string_view text, std::uint8_t open) {
  if (has_leading_zero(text)) return 0;
  std::int64_t integer = 0;
  if ((open & bit(ColumnType::kInteger)) != 0 && parse_integer(text, integer)) return kNumber;
  double real = 0;
  return parse_real(text, real) ? bit(ColumnType::kReal) : 0;
}

std::uint8_t times_that_hold(std::string_view text, std::uint8_t open) {
  std::int64_t value = 0;
  if ((open & bit(ColumnType::kDate)) != 0 && parse_date(text, value)) return kTime;
  return parse_timestamp(text, value) ? bit(ColumnType::kTimestamp) : 0;
}

}  // namespace

void TypeCandidates::observe(std::string_view text) {
  seen_ = true;
  if (bits_ == bit(ColumnType::kText)) return;
  std::uint8_t holds = bit(ColumnType::kText);
  std::int64_t boolean = 0;
  if ((bits_ & bit(ColumnType::kBoolean)) != 0 && parse_boolean(text, boolean)) {
    holds |= bit(ColumnType::kBoolean);
  }
  if ((bits_ & kNumber) != 0) holds |= numbers_that_hold(text, bits_);
  if ((bits_ & kTime) != 0) holds |= times_that_hold(text, bits_);
  bits_ &= holds;
}

bool TypeCandidates::settled(ColumnType type) const {
  std::uint8_t open = bit(type) | bit(ColumnType::kText);
  if (type == ColumnType::kInteger) open |= bit(ColumnType::kReal);
  if (type == ColumnType::kDate) open |= bit(ColumnType::kTimestamp);
  return seen_ && bits_ == open;
}

void TypeCandidates::merge(const TypeCandidates& other) {
  bits_ &= other.bits_;
  seen_ = seen_ || other.seen_;
}

ColumnType TypeCandidates::result() const {
  if (!seen_) return ColumnType::kText;
  for (const ColumnType type : {ColumnType::kBoolean, ColumnType::kInteger, ColumnType::kReal,
                                ColumnType::kDate, ColumnType::kTimestamp}) {
    if ((bits_ & bit(type)) != 0) return type;
  }
  return ColumnType::kText;
}

TypeCandidates TypeCandidates::from(std::uint8_t bits, bool seen) {
  TypeCandidates candidates;
  candidates.bits_ = bits;
  candidates.seen_ = seen;
  return candidates;
}

}  // namespace millrace
