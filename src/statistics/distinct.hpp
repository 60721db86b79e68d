// Distinct values: exact counts of each value while there are at most kExactLimit of them, a HyperLogLog
// estimate (2^12 registers, standard error 1.6 %) beyond. Merging is order-free. P. Flajolet, É. Fusy, O.
// Gandouet, F. Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", AofA
// 2007.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"

namespace millrace {

class DistinctCounter {
 public:
  static constexpr std::size_t kExactLimit = 65536;
  static constexpr std::size_t kRegisters = 4096;

  // `key` is the value's canonical text (format_value).
  void add(std::string_view key, std::uint64_t times = 1);
  void merge(const DistinctCounter& other);

  [[nodiscard]] bool exact() const { return registers_.empty(); }
  [[nodiscard]] std::uint64_t count() const;  // exact, or the estimate
  // Value → number of rows, while exact; empty beyond.
  [[nodiscard]] const std::unordered_map<std::string, std::uint64_t>& counts() const { return counts_; }
  // The most frequent values, by count and then by value; empty where not exact.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> most_frequent(std::size_t limit) const;

  friend void to_json(Json& json, const DistinctCounter& counter);
  friend void from_json(const Json& json, DistinctCounter& counter);

 private:
  void go_approximate();
  std::unordered_map<std::string, std::uint64_t> counts_;
  std::vector<std::uint8_t> registers_;  // empty while exact
};

}  // namespace millrace
