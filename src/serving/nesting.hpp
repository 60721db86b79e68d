// A limit on how deep a request's JSON is nested: libraries read and write it by recursion, so that some
// bytes of brackets would use up the stack. Internal to serving/.
#pragma once

#include <cstddef>
#include <string_view>

namespace millrace {

inline constexpr int kMaxNesting = 64;  // a request needs 5

// Throws kUsage where lists and objects are nested deeper. For text that is no JSON it holds up to the first
// error, which is as far as a parser gets.
//
// Returns how many objects lie in lists on the first two levels: the rows of a predict request, known before
// it is parsed.
std::size_t check_nesting(std::string_view json);

}  // namespace millrace
