#include "ingestion/field_reader.hpp"

namespace millrace {

bool FieldReader::read_any(std::string_view raw, std::string_view& value) {
  if (dialect_->has_escape() && is_token(*dialect_, raw))
    return false;  // \N, as MySQL writes what is missing
  value = unquoted(raw, *dialect_, scratch_);
  return is_present(*dialect_, value);
}

}  // namespace millrace
