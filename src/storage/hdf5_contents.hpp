// Inside storage/: what is in a file that others wrote, and could be a table. `name`: what errors call the
// file.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "storage/hdf5_handle.hpp"

namespace millrace::hdf5 {

// HDF5's words about a file; and the same for a call that only reports success.
Error damaged(const std::string& name, const std::string& words);
void must(herr_t status, const std::string& name);

// Paths of compound datasets and of groups with a column, in order; PyTables' own groups (_i_…, _p_…) are
// none.
std::vector<std::string> tables_in(hid_t file, const std::string& name);
// The path of the table that is read: `wanted`, or the only one. Throws kUsage (Topic::kWhichTable).
std::string choose_table(hid_t file, const std::string& name, const std::string& wanted);
// The names of a group's datasets.
std::vector<std::string> datasets_of(hid_t group, const std::string& name);

// A dataset of one dimension, or what it is instead.
struct Shape {
  bool is_line = false;
  bool is_compound = false;
  std::uint64_t rows = 0;  // of a line
};
Shape shape_in(hid_t dataset, const std::string& name);
// What keeps the values of a dataset from being read: they lie in other files, of which this one's digest
// says nothing, or are packed by a filter that is not there. "" for most.
std::string obstacle_of(hid_t dataset);

}  // namespace millrace::hdf5
