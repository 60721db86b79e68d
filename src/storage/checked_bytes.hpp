// Inside storage/: a run of bytes in a file with an XXH3 for each 16 KiB of it. What is read is compared with
// them before anybody sees it, so that any part can be read by itself, by any thread, at the speed of memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"

namespace millrace {

struct CheckedBytes {
  std::string name;          // what errors call it
  std::uint64_t offset = 0;  // in the file
  std::uint64_t size = 0;
  std::vector<std::uint64_t> checks;  // one for each piece begun
};

// The checks of bytes that are to be written.
std::vector<std::uint64_t> checks_of(std::string_view bytes);
// How many so many bytes have.
std::uint64_t check_count(std::uint64_t bytes);

// Reads bytes [first, first + to.size()) of `bytes`. Throws kDamagedFile naming the piece that is not as it
// was written, or that is missing.
void read_checked(const ReadableFile& file, const CheckedBytes& bytes, std::uint64_t first,
                  std::span<char> to);

}  // namespace millrace
