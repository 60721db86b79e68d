// HDF5 tables as other programs write them, by the library's own interface.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <hdf5.h>

namespace millrace::testing_support {

inline hid_t well(hid_t id) {
  if (id < 0) throw std::runtime_error("HDF5");
  return id;
}

// int8 with FALSE and TRUE, as h5py has it.
inline hid_t boolean_type() {
  const hid_t type = well(H5Tenum_create(H5T_NATIVE_INT8));
  const signed char no = 0;
  const signed char yes = 1;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  return type;
}

// 0: of variable length.
inline hid_t text_type(std::size_t size, H5T_str_t padding = H5T_STR_NULLPAD) {
  const hid_t type = well(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, size == 0 ? H5T_VARIABLE : size);
  H5Tset_cset(type, H5T_CSET_UTF8);
  H5Tset_strpad(type, size == 0 ? H5T_STR_NULLTERM : padding);
  return type;
}

// Texts one after the other, each padded to `size`.
inline std::string padded(const std::vector<std::string>& texts, std::size_t size, char with = '\0') {
  std::string all;
  for (const std::string& text : texts) all += text + std::string(size - text.size(), with);
  return all;
}

class Hdf5Writer {
 public:
  explicit Hdf5Writer(const std::string& path)
      : file_(well(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT))) {}
  ~Hdf5Writer() { H5Fclose(file_); }
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  // Chunks of so many rows, packed by deflate; 0: contiguous.
  void chunk(hsize_t rows) { chunk_ = rows; }

  // `values` lie in memory as `memory` and in the file as `stored`.
  void write(const std::string& name, hid_t stored, hid_t memory, const void* values,
             const std::vector<hsize_t>& shape) {
    const hid_t space = well(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr));
    const hid_t links = well(H5Pcreate(H5P_LINK_CREATE));
    H5Pset_create_intermediate_group(links, 1);
    const hid_t creation = well(H5Pcreate(H5P_DATASET_CREATE));
    if (chunk_ > 0) {
      H5Pset_chunk(creation, 1, &chunk_);
      H5Pset_deflate(creation, 1);
    }
    const hid_t dataset = well(H5Dcreate2(file_, name.c_str(), stored, space, links, creation, H5P_DEFAULT));
    if (values != nullptr) well(H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    for (const hid_t id : {creation, links}) H5Pclose(id);
    H5Sclose(space);
    H5Dclose(dataset);
  }

  void integers(const std::string& name, const std::vector<long long>& values, hid_t stored = H5T_STD_I64LE) {
    write(name, stored, H5T_NATIVE_LLONG, values.data(), {values.size()});
  }
  void reals(const std::string& name, const std::vector<double>& values, hid_t stored = H5T_IEEE_F64LE) {
    write(name, stored, H5T_NATIVE_DOUBLE, values.data(), {values.size()});
  }
  void booleans(const std::string& name, const std::vector<signed char>& values) {
    const hid_t type = boolean_type();
    write(name, type, type, values.data(), {values.size()});
    H5Tclose(type);
  }
  void texts(const std::string& name, const std::vector<std::string>& values) {
    const hid_t type = text_type(0);
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    write(name, type, type, pointers.data(), {values.size()});
    H5Tclose(type);
  }
  void fixed_texts(const std::string& name, const std::vector<std::string>& values, std::size_t size,
                   H5T_str_t padding = H5T_STR_NULLPAD) {
    const hid_t type = text_type(size, padding);
    const std::string all = padded(values, size, padding == H5T_STR_SPACEPAD ? ' ' : '\0');
    write(name, type, type, all.data(), {values.size()});
    H5Tclose(type);
  }
  void fill_value(const std::string& name, double value) {
    const hid_t dataset = well(H5Dopen2(file_, name.c_str(), H5P_DEFAULT));
    const hid_t space = well(H5Screate(H5S_SCALAR));
    const hid_t attribute =
        well(H5Acreate2(dataset, "_FillValue", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT));
    H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Dclose(dataset);
  }

 private:
  hid_t file_;
  hsize_t chunk_ = 0;
};

}  // namespace millrace::testing_support
