// One day's file: rows drawn, labelled, written in pieces, published whole.
#pragma once

#include <cstdint>
#include <string>

#include "datagen/dates.hpp"
#include "datagen/defects.hpp"
#include "datagen/log_odds.hpp"
#include "datagen/row_format.hpp"

namespace millrace::datagen {

struct DayPlan {
  std::int32_t day = 0;  // since 1970-01-01
  std::uint64_t rows = 0;
  std::uint64_t seed = 0;
  double prices = 0;  // drift: log_odds.hpp
  double habits = 0;
};

// The row with its label, and the log-odds behind it.
struct LabelledRow {
  Row row;
  int log_odds = 0;
};
LabelledRow draw_row(const DayPlan& plan, std::uint64_t number);

// What lies in the files that one thread wrote.
struct Tally {
  std::uint64_t files = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t defects = 0;
  Truth truth;  // of the readable rows

  void merge(const Tally& other);
};

void write_day(const std::string& path, const DayPlan& plan, const DefectSource& defects,
               const DayNames& names, Tally& tally);

}  // namespace millrace::datagen
