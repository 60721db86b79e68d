#include "ingestion/field_reader.hpp"

namespace millrace {

bool FieldReader::read_any(std::string_view raw, std::string_view& value) {
  value = unquoted(raw, *dialect_, scratch_);
  return is_present(*dialect_, value);
}

}  // namespace millrace
