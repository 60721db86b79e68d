// What the values of one column say about its type, and which of them speak against the type that most have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/json.hpp"
#include "ingestion/column_parsers.hpp"
#include "ingestion/dataset.hpp"
#include "table/parse.hpp"

namespace millrace {

// Where a value stands: its file's number, and its line there. In source order.
struct ValuePlace {
  std::size_t source = 0;
  std::uint64_t line = 0;
  friend bool operator<(const ValuePlace& a, const ValuePlace& b) {
    return std::tie(a.source, a.line) < std::tie(b.source, b.line);
  }
};

// The same before anybody has asked for it: lines are counted only where they are told.
struct RecordInBatch {
  const CsvBatch& batch;
  const RecordPlace& record;
  std::size_t source;

  [[nodiscard]] ValuePlace place() const { return {source, LineCursor(batch).line_of(record)}; }
};

// Values of one kind: how many, and the first in source order.
struct Sightings {
  std::uint64_t count = 0;
  ValuePlace first;
  std::string text;  // of the first, for people to read

  void add(std::string_view value, const RecordInBatch& record);
  void merge(const Sightings& other);
};

// Merging is order-free: the result depends neither on the number of ranks nor on their order.
struct Evidence {
  TypeCandidates candidates;
  std::uint64_t present = 0;
  Sightings no_numbers;
  Sightings no_times;      // neither date nor timestamp
  Sightings long_numbers;  // whole numbers whose digits a real number does not keep
  Sightings quoted;        // of a text column: within quotes that were not taken for such

  void observe(std::string_view value, const RecordInBatch& record);
  // The present values of a column of a file, in order.
  void observe(const BatchColumn& column, FieldReader& reader, std::size_t source);
  // The same for the last `rows` of a column, whose present values are all plainly of its type. False, and
  // nothing is observed, where they must be looked at one by one.
  bool observe_plain(const Column& parsed, std::size_t rows);
  void merge(const Evidence& other);
  // All of it is of the file of this number.
  void stands_in(std::size_t source);

 private:
  void observe_alike(std::uint64_t values);
};
void to_json(Json& json, const Evidence& evidence);
void from_json(const Json& json, Evidence& evidence);

// Adds the evidence of a block's columns to that of others, of which there may be none yet.
void merge_into(std::vector<Evidence>& all, const std::vector<Evidence>& more);

// What is odd about the column's values if they are taken as `type`; "" where nothing is.
// "'4o' in day-03.csv line 40211 is no number (1 of 7,043 values)"
std::string note_on(const Evidence& evidence, ColumnType type, const std::vector<SourceFile>& sources);

}  // namespace millrace
