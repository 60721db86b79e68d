#include "storage/hdf5_handle.hpp"

namespace millrace::hdf5 {

namespace {

// HDF5 walks from the call that we made down to the cause: the last description stays.
herr_t keep_description(unsigned /*depth*/, const H5E_error2_t* entry, void* words) {
  if (entry->desc != nullptr) *static_cast<std::string*>(words) = entry->desc;
  return 0;
}

}  // namespace

std::string last_words() {
  std::string words = "HDF5 gives no reason";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_description, &words);
  H5Eclear2(H5E_DEFAULT);
  return words;
}

void silence() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

}  // namespace millrace::hdf5
