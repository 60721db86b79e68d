#include "storage/column_groups.hpp"

#include <fmt/core.h>

namespace millrace {

namespace {

// HDF5 takes '/' for a path and '.' for the group itself.
bool can_be_linked(const std::string& name) {
  return !name.empty() && name != "." && name.find('/') == std::string::npos;
}

}  // namespace

std::string column_group(std::size_t index) {
  return fmt::format("columns/{:04}", index);
}

void link_names(hdf5::File& file, const Schema& schema) {
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (can_be_linked(schema[i].name))
      file.link(fmt::format("names/{}", schema[i].name), fmt::format("/{}", column_group(i)));
  }
}

}  // namespace millrace
