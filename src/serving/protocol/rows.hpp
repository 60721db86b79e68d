// The predict call: plain JSON rows in, plain JSON predictions out; what a person with curl would write.
// Internal to serving/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "net/http.hpp"
#include "serving/models/served_model.hpp"

namespace millrace {

// {"rows": [{column: value, …}, …], "id": …, "route_key": …, "reasons": 3}, or the list of rows alone, or one
// row alone. Views of this thread's JSON document (protocol/json_document.hpp).
struct RowsDocument {
  std::optional<simdjson::dom::array> rows;
  simdjson::dom::object row;  // where there is no list
  std::optional<std::string_view> id;
  std::string_view route_key;  // "" for none
  std::uint64_t reasons = 0;   // how many columns to name for each prediction
};

// Throws kUsage with what is wrong and where.
RowsDocument parse_rows(const HttpRequest& request);

// Fills memory.table, which has no rows. An absent column or null is a missing value. Throws kUsage with what
// is wrong and where.
void read_rows(const RowsDocument& document, const ServedModel& model, std::size_t max_rows,
               ScoringMemory& memory);

// Why a prediction is as it is: how much it changes where a column is taken for missing.
struct Reason {
  std::size_t column;
  float contribution;  // the prediction, less the one without the column; of the likeliest class' probability
};

struct RowsHead {
  std::string_view name;  // as the client wrote it
  std::optional<std::string_view> id;
  std::span<const std::vector<Reason>> reasons;  // a list a row; none where none were asked for
};
void write_rows_answer(const RowsHead& head, const ServedModel& model, std::span<const float> predictions,
                       std::string& out);

}  // namespace millrace
