// A limit on how deep JSON is nested: libraries and we read and write it by recursion, so that some bytes of
// brackets would use up the stack.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.hpp"

namespace millrace {

inline constexpr int kMaxJsonNesting = 64;  // of our files and requests, those with the most have about ten

// Throws an Error of `topic`, in which `what` names the text, where lists and objects are nested deeper. For
// text that is no JSON it holds up to the first error, which is as far as a parser gets.
//
// Returns how many objects lie in lists on the first two levels: the rows of a predict request, known before
// it is parsed.
std::size_t check_json_nesting(std::string_view json, std::string_view what, Topic topic);

}  // namespace millrace
