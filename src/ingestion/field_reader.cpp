#include "ingestion/field_reader.hpp"

namespace millrace {

// A token that holds the escape character, as MySQL's \N does, is a field as it stands: no value is meant.
bool FieldReader::read_any(std::string_view raw, std::string_view& value) {
  value = unquoted(raw, *dialect_, scratch_);
  if (!dialect_->has_escape()) return is_present(*dialect_, value);
  if (dialect_->trim) value = trim(value);
  return std::ranges::none_of(dialect_->missing, [&](const std::string& token) {
    return token == (token.find(dialect_->escape) == std::string::npos ? value : raw);
  });
}

}  // namespace millrace
