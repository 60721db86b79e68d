// A program that reads a message on its standard input. Internal to alerts/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace millrace {

// Nothing of it touches the disk, which may be full. Returns how it failed, and its last words; "" where it
// ended with code 0 within `limit` seconds. `name` is what messages call it: arguments are not shown.
std::string feed_program(const std::string& name, const std::vector<std::string>& words,
                         std::string_view input, double limit);

}  // namespace millrace
