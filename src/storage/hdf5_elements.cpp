#include "storage/hdf5_elements.hpp"

#include <cstdint>

#include <fmt/core.h>

namespace millrace::hdf5 {

namespace {

constexpr std::size_t kLargestNumber = 8;
const std::string kLook = "cannot look at an HDF5 type";

std::string member_name(hid_t type, unsigned index) {
  char* const name = H5Tget_member_name(type, index);
  std::string result = name == nullptr ? "" : name;
  H5free_memory(name);
  return result;
}

// As h5py writes them.
bool is_boolean(hid_t type) {
  return H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2 && member_name(type, 0) == "FALSE" &&
         member_name(type, 1) == "TRUE";
}

Element unread(std::string what) {
  Element element;
  element.unread = std::move(what);
  return element;
}

Element number_of(hid_t type, ElementKind kind) {
  const std::size_t size = H5Tget_size(type);
  if (size > kLargestNumber) return unread(fmt::format("a number of {} bytes", size));
  Element element;
  element.kind = kind;
  return element;
}

Element text_of(hid_t type) {
  Element element;
  element.kind = ElementKind::kText;
  if (H5Tis_variable_str(type) > 0) return element;
  element.text_bytes = H5Tget_size(type);
  element.padding = H5Tget_strpad(type) == H5T_STR_SPACEPAD   ? TextPadding::kBlank
                    : H5Tget_strpad(type) == H5T_STR_NULLTERM ? TextPadding::kTerminated
                                                              : TextPadding::kNul;
  return element;
}

}  // namespace

Element element_of(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return number_of(type,
                       H5Tget_sign(type) == H5T_SGN_NONE ? ElementKind::kUnsigned : ElementKind::kInteger);
    case H5T_FLOAT:
      return number_of(type, ElementKind::kReal);
    case H5T_STRING:
      return text_of(type);
    case H5T_BITFIELD:  // as PyTables writes booleans
      return H5Tget_size(type) == 1 ? number_of(type, ElementKind::kBoolean) : unread("a set of bits");
    case H5T_ENUM:
      return is_boolean(type) ? number_of(type, ElementKind::kBoolean) : unread("an enumeration");
    case H5T_COMPOUND:
      return unread("a compound");
    case H5T_ARRAY:
      return unread("an array");
    case H5T_VLEN:
      return unread("a list");
    case H5T_TIME:
      return unread("an HDF5 time");
    case H5T_REFERENCE:
      return unread("a reference");
    default:
      return unread("opaque bytes");
  }
}

Handle memory_type(const Element& element, hid_t type) {
  switch (element.kind) {
    case ElementKind::kInteger:
      return {H5Tcopy(H5T_NATIVE_INT64), H5Tclose, kLook};
    case ElementKind::kUnsigned:
      return {H5Tcopy(H5T_NATIVE_UINT64), H5Tclose, kLook};
    case ElementKind::kReal:
      return {H5Tcopy(H5T_NATIVE_DOUBLE), H5Tclose, kLook};
    case ElementKind::kBoolean:
      return {H5Tcopy(H5Tget_class(type) == H5T_BITFIELD ? H5T_NATIVE_B8 : H5T_NATIVE_UINT8), H5Tclose,
              kLook};
    case ElementKind::kText:
      break;
  }
  return {H5Tcopy(type), H5Tclose, kLook};
}

std::size_t memory_bytes(const Element& element) {
  if (element.kind == ElementKind::kBoolean) return 1;
  if (element.kind != ElementKind::kText) return sizeof(std::int64_t);
  return element.text_bytes == 0 ? sizeof(char*) : element.text_bytes;
}

}  // namespace millrace::hdf5
