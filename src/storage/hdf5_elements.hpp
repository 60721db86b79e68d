// Inside storage/: the elements of datasets that others wrote, and how they lie in memory once read.
#pragma once

#include <cstddef>
#include <string>

#include "storage/hdf5_handle.hpp"
#include "storage/hdf5_table.hpp"

namespace millrace::hdf5 {

struct Element {
  ElementKind kind = ElementKind::kInteger;
  std::size_t text_bytes = 0;  // of a text of fixed length; 0: of variable length
  TextPadding padding = TextPadding::kNul;
  std::string unread;  // what it is, where it is not read: "an array"
};

// What a type of a file holds.
Element element_of(hid_t type);
// The type that such elements are read as: std::int64_t, std::uint64_t, double, std::uint8_t (of booleans),
// `text_bytes` bytes, or char*.
Handle memory_type(const Element& element, hid_t type);
std::size_t memory_bytes(const Element& element);

}  // namespace millrace::hdf5
