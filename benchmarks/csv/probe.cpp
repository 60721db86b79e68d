#include <charconv>

#include "work.hpp"

namespace millrace::bench {

namespace {

std::uint64_t whole(const char* p, const char* end) {
  std::uint64_t value = 0;
  for (; p != end; ++p) value = value * 10 + static_cast<std::uint64_t>(*p - '0');
  return value;
}

// At most 19 digits around one point.
double real(const char* p, const char* end) {
  static constexpr std::array<double, 6> kPowers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5};
  std::uint64_t digits = 0;
  const char* point = end - 1;
  for (const char* at = p; at != end; ++at) {
    if (*at == '.') {
      point = at;
    } else {
      digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
    }
  }
  const auto places = static_cast<std::size_t>(end - 1 - point);
  if (places < kPowers.size()) return static_cast<double>(digits) / kPowers[places];
  double value = 0;
  std::from_chars(p, end, value);
  return value;
}

std::uint64_t days(const char* p) {
  const std::uint64_t year = whole(p, p + 4);
  const std::uint64_t month = whole(p + 5, p + 7);
  const std::uint64_t shifted = (month + 9) % 12;
  const std::uint64_t y = year - (month < 3 ? 1 : 0);
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + whole(p + 8, p + 10);
}

// A category becomes what a dictionary is looked up by.
std::uint64_t hash(const char* p, const char* end) {
  std::uint64_t word = 0;
  const std::size_t size = std::min<std::size_t>(8, static_cast<std::size_t>(end - p));
  __builtin_memcpy(&word, p, 8);  // the buffer goes on behind the field
  word &= size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1;
  return (word ^ static_cast<std::uint64_t>(end - p)) * 0x9e3779b97f4a7c15U;
}

struct Row {
  const CsvBatch& batch;
  const RecordPlace& place;
  [[nodiscard]] const char* begin(std::size_t i) const {
    return batch.text + (i == 0 ? place.begin : batch.ends[place.first_end + i - 1] + 1);
  }
  [[nodiscard]] const char* end(std::size_t i) const { return batch.text + batch.ends[place.first_end + i]; }
};

void add_row(const Row& row, Totals& totals) {
  static constexpr std::array<std::size_t, 8> kTexts{0, 3, 4, 5, 10, 11, 12, 13};
  for (const std::size_t i : kTexts) totals.check += hash(row.begin(i), row.end(i));
  if (row.begin(1) != row.end(1)) totals.check += days(row.begin(1));
  totals.sums[0] += static_cast<double>(whole(row.begin(2), row.end(2)));
  totals.sums[1] += static_cast<double>(whole(row.begin(6), row.end(6)));
  if (row.begin(7) != row.end(7)) totals.sums[2] += real(row.begin(7), row.end(7));
  totals.sums[3] += static_cast<double>(whole(row.begin(8), row.end(8)));
  if (row.begin(9) != row.end(9)) totals.sums[4] += real(row.begin(9), row.end(9));
}

}  // namespace

Totals probe(const ReadableFile& file, const CsvRange& block) {
  const CsvDialect dialect;
  CsvReader reader(file, dialect, block, std::uint64_t{8} << 20U);
  Totals totals;
  for (CsvBatch batch; reader.next(batch);) {
    for (const RecordPlace& place : batch.records) {
      if (batch.offset + place.begin == 0 || place.fields != 14) continue;
      add_row({batch, place}, totals);
      ++totals.rows;
    }
  }
  return totals;
}

}  // namespace millrace::bench
