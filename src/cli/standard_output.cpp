#include "cli/standard_output.hpp"

#include <cerrno>
#include <cstdio>

#include "base/error.hpp"

namespace millrace {

void write_to_standard_output(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size())
    throw errno_error("write to", "standard output", errno);
}

void flush_standard_output() {
  if (std::fflush(stdout) != 0) throw errno_error("write to", "standard output", errno);
}

}  // namespace millrace
