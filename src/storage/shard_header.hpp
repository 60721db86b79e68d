// The root attribute "millrace" by which our HDF5 files say what they are:
// {"kind": "data-shard", "format": 1, …}.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "base/json.hpp"
#include "storage/hdf5.hpp"

namespace millrace {

// `fields` are kept beside kind and format.
void write_header(hdf5::File& file, const std::string& kind, int format, Json fields = Json::object());

// Throws kResource where the file is of another kind or format.
Json read_header(const hdf5::File& file, const std::string& kind, int format);

// Inside a catch block: throws what an error means that reading the object of this path ended with.
[[noreturn]] void rethrow_for_object(const std::string& path, const Error& error);

// Does work that opens and reads an object. What is wrong with its bytes is told as kDamagedObject, with what
// to do; what the system refuses, in its words.
template <class Work>
std::invoke_result_t<Work> reading_object(const std::string& path, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const Error& error) {
    rethrow_for_object(path, error);
  }
}

}  // namespace millrace
