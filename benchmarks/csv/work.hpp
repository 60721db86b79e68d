// Two ways to read the columns of generated churn data, timed beside each other by main.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ingestion/csv_reader.hpp"

namespace millrace::bench {

// Sums of age, tenure_months, monthly_charges, support_calls and data_gb: what the peers' sums are compared
// with.
struct Totals {
  std::uint64_t rows = 0;
  std::array<double, 5> sums{};
  std::uint64_t check = 0;  // of everything else, so that none of it is left out by the compiler

  void add(const Totals& other) {
    rows += other.rows;
    check += other.check;
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
  }
};

// The ceiling: the schema is compiled in, and nothing is kept, unescaped or checked.
Totals probe(const ReadableFile& file, const CsvRange& block);

// Millrace's own: typed columns of the block, as ingestion makes them.
Totals typed_parse(const ReadableFile& file, const CsvRange& block);

}  // namespace millrace::bench
