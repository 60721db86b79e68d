// Why a record was not taken.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "ingestion/csv_batch.hpp"

namespace millrace {

enum class RejectKind : std::uint8_t {
  kCast,
  kMissingColumns,
  kTooManyColumns,
  kQuote,
  kLineSize,
  kEncoding,
  kNul
};
inline constexpr std::size_t kRejectKinds = 7;
const char* to_string(RejectKind kind);  // "cast", "missing_columns", …

// How many records were rejected, by kind.
struct RejectCounts {
  std::array<std::uint64_t, kRejectKinds> of{};

  void add(RejectKind kind) { ++of.at(static_cast<std::size_t>(kind)); }
  [[nodiscard]] std::uint64_t total() const {
    return std::accumulate(of.begin(), of.end(), std::uint64_t{0});
  }
  RejectCounts& operator+=(const RejectCounts& other) {
    for (std::size_t i = 0; i < of.size(); ++i) of.at(i) += other.of.at(i);
    return *this;
  }
};

// What is wrong with a record; `column` is an index into the table's columns.
struct Problem {
  RejectKind kind = RejectKind::kCast;
  std::optional<std::size_t> column;
  std::string reason;
};

// What can be said of a record without knowing its columns' types; nothing where it is sound.
std::optional<Problem> check_record(const CsvBatch& batch, const RecordPlace& place,
                                    std::size_t expected_fields, std::uint64_t longest_record);

// What is wrong with record `record` of a batch.
struct RecordProblem {
  std::uint32_t record = 0;
  Problem problem;
};
// The numbers of a batch's sound records, and the problems of the others, both in order.
void sort_records(const CsvBatch& batch, std::size_t expected_fields, std::uint64_t longest_record,
                  std::vector<std::uint32_t>& sound, std::vector<RecordProblem>& problems);

struct Reject {
  std::uint64_t line = 0;
  std::uint64_t byte = 0;  // offset of the record in the file
  std::string column;      // "" where the whole record is meant
  RejectKind kind = RejectKind::kCast;
  std::string reason;
  std::string text;  // the record, cut to kRejectTextBytes, as printable UTF-8
};
inline constexpr std::size_t kRejectTextBytes = 200;
// The reject table holds the first so many rejected records in source order; all are counted.
inline constexpr std::size_t kRejectTableRows = 10000;
inline constexpr std::size_t kRejectSamples = 20;

// {file, line, byte, column, kind, reason, text}
Json reject_json(const Reject& reject, const std::string& file);
// "day-03.csv line 40211, column 'age': '4o' is no integer"
std::string describe_reject(const Json& reject);

// Text of unknown encoding for people to read: control bytes, and all bytes beyond ASCII where it is no
// UTF-8, are written as \xNN; cut at a character's border.
std::string printable(std::string_view text, std::size_t limit);
bool is_utf8(std::string_view text);

}  // namespace millrace
