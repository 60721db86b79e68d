#include "ingestion/field_reader.hpp"

namespace millrace {

// A token that holds the escape character, as MySQL's \N does, is a field as it stands: no value is meant.
bool FieldReader::read_any(std::string_view raw, PaddedText& value) {
  std::string_view text = unquoted(raw, *dialect_, scratch_);
  bool present = false;
  if (!dialect_->has_escape()) {
    present = is_present(*dialect_, text);
  } else {
    if (dialect_->trim) text = trim(text);
    present = std::ranges::none_of(dialect_->missing, [&](const std::string& token) {
      return token == (token.find(dialect_->escape) == std::string::npos ? text : raw);
    });
  }
  value = PaddedText(text);
  return present;
}

}  // namespace millrace
