// What commands write that is no text for people: rows, as CSV.
#pragma once

#include <string_view>

namespace millrace {

// Both throw kResource where it does not take all of it: a full disk, say.
void write_to_standard_output(std::string_view bytes);
void flush_standard_output();

}  // namespace millrace
