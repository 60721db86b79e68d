// Values of a parsed JSON document → values of a column. Internal to serving/.
#pragma once

#include <optional>

#include <simdjson.h>

#include "table/column.hpp"

namespace millrace {

class InputColumn {
 public:
  // Both must outlive it. `column` is empty and of the field's type.
  InputColumn(const Field& field, Column& column);

  // null is a missing value. Throws kUsage naming the input, the row (from 1) and the value.
  void append(const simdjson::dom::element& value);

 private:
  bool append_present(const simdjson::dom::element& value);
  bool append_integer(const simdjson::dom::element& value);
  [[nodiscard]] Error refusal(const simdjson::dom::element& value) const;

  const Field& field_;
  Column& column_;
  std::optional<TextAppender> text_;
};

}  // namespace millrace
