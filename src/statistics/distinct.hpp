// Distinct values: exact counts of each value while there are at most kExactLimit of them, a HyperLogLog
// estimate (2^12 registers, standard error 1.6 %) beyond. Merging is order-free: the state depends on the
// values alone. Beyond, numbers are also counted by buckets. P. Flajolet, É. Fusy, O. Gandouet, F. Meunier,
// "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", AofA 2007.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "statistics/bucket_counts.hpp"
#include "statistics/counted_numbers.hpp"
#include "statistics/number_counts.hpp"
#include "statistics/packed_counts.hpp"
#include "table/schema.hpp"

namespace millrace {

// Values of numeric columns are counted by their bits and become text only when they are asked for.
class DistinctCounter {
 public:
  static constexpr std::size_t kExactLimit = 65536;
  static constexpr std::size_t kRegisters = 4096;
  static constexpr std::size_t kReadable = 1000;  // numbers that JSON has one by one

  explicit DistinctCounter(ColumnType type = ColumnType::kText) : type_(type) {}

  [[nodiscard]] ColumnType type() const { return type_; }

  // A value that occurs `times` times (> 0). Which of the three to call follows from the type.
  void add(std::string_view text, std::uint64_t times = 1);       // kText
  void add_integer(std::int64_t value, std::uint64_t times = 1);  // as in Column::integers
  void add_real(double value, std::uint64_t times = 1);           // kReal; −0 is 0
  void merge(const DistinctCounter& other);                       // of the same type

  [[nodiscard]] bool exact() const { return registers_.empty(); }
  [[nodiscard]] std::uint64_t count() const;  // exact, or the estimate
  // Value (its canonical text, format_value) → number of rows, while exact; empty beyond. Made on each call.
  [[nodiscard]] std::map<std::string, std::uint64_t> counts() const;
  // Of numeric columns: ascending values with their rows, while exact; empty beyond.
  [[nodiscard]] CountedNumbers numbers() const;
  // Of numeric columns: all values where they are not exact; empty while they are.
  [[nodiscard]] const BucketCounts& buckets() const { return buckets_; }
  void pack_buckets() { buckets_.pack(); }
  void forget_buckets() { buckets_ = BucketCounts(); }
  // The most frequent values, by count and then by value; empty where not exact.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> most_frequent(std::size_t limit) const;

  // Without buckets, for which only who goes on to merge has use: with_buckets().
  friend void to_json(Json& json, const DistinctCounter& counter);
  friend Json with_buckets(const DistinctCounter& counter);
  friend void from_json(const Json& json, DistinctCounter& counter);

 private:
  // Lets texts be looked up by string_view.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return xxh3(text); }
  };
  using TextCounts = std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>>;

  void add_bits(std::uint64_t bits, std::uint64_t times);
  void add_formatted(const std::string& text, std::uint64_t times);
  [[nodiscard]] BitCounts bits() const;
  [[nodiscard]] double number_of_bits(std::uint64_t bits) const;
  [[nodiscard]] std::string format_bits(std::uint64_t bits) const;
  void observe(std::uint64_t hash);
  void observe_number(std::uint64_t bits, std::uint64_t times);
  void go_approximate_beyond_limit();

  ColumnType type_;
  TextCounts texts_;                     // kText, while exact
  NumberCounts numbers_;                 // other types, while exact
  std::vector<std::uint8_t> registers_;  // empty while exact
  BucketCounts buckets_;                 // other types, beyond
};

}  // namespace millrace
