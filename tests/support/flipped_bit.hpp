// One bit of a shard's dataset flipped, as a disk might.
#pragma once

#include <string>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "storage/hdf5.hpp"

namespace millrace::testing_support {

// The lowest bit of the first value.
template <class T>
void flip_a_bit_of(const std::string& path, const std::string& dataset) {
  const std::uint64_t at = hdf5::File::open(path).find_checked<T>(dataset).offset;
  std::string bytes = read_file(path);
  bytes.at(at) = static_cast<char>(bytes[at] ^ 1);
  publish_file(path, bytes);
}

}  // namespace millrace::testing_support
