// Values of a parsed JSON document → values of a column. Internal to serving/.
#pragma once

#include <optional>
#include <string_view>

#include <simdjson.h>

#include "base/error.hpp"
#include "table/column.hpp"

namespace millrace {

class InputColumn {
 public:
  // Both must outlive it. `column` is empty and of the field's type.
  InputColumn(const Field& field, Column& column) : field_(field), column_(column) {}

  // null is a missing value. Throws kUsage naming the input, the row (from 1) and the value.
  void append(const simdjson::dom::element& value);

 private:
  bool append_present(const simdjson::dom::element& value);
  void append_text(std::string_view text);
  bool append_decimal(const simdjson::dom::element& value);
  bool append_integer(const simdjson::dom::element& value);
  [[nodiscard]] Error refusal(const simdjson::dom::element& value) const;

  const Field& field_;
  Column& column_;
  std::optional<TextAppender> text_;  // from the second text on: most requests have but one row
};

}  // namespace millrace
