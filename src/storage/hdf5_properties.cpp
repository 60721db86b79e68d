#include "storage/hdf5_properties.hpp"

#include "storage/hdf5_driver.hpp"

namespace millrace::hdf5 {

namespace {

Handle property_list(hid_t kind) {
  return {H5Pcreate(kind), H5Pclose, "cannot make an HDF5 property list"};
}

}  // namespace

Handle access_properties(H5F_libver_t version) {
  Handle list = property_list(H5P_FILE_ACCESS);
  check(H5Pset_libver_bounds(list.id(), version, version), "cannot set HDF5's file version");
  check(H5Pset_file_locking(list.id(), false, true), "cannot switch off HDF5's file locks");
  check(H5Pset_fclose_degree(list.id(), H5F_CLOSE_STRONG), "cannot set how HDF5 closes files");
  use_file_layer(list.id());
  return list;
}

Handle memory_access_properties() {
  constexpr std::size_t kGrowth = 1 << 20;
  Handle list = access_properties();
  check(H5Pset_fapl_core(list.id(), kGrowth, false), "cannot ask HDF5 for a file in memory");
  return list;
}

Handle creation_properties(hid_t kind) {
  Handle list = property_list(kind);
  check(H5Pset_obj_track_times(list.id(), false), "cannot switch off HDF5's object times");
  return list;
}

Handle dataset_properties() {
  Handle list = creation_properties(H5P_DATASET_CREATE);
  check(H5Pset_layout(list.id(), H5D_CONTIGUOUS), "cannot ask HDF5 for a contiguous dataset");
  check(H5Pset_alloc_time(list.id(), H5D_ALLOC_TIME_EARLY), "cannot ask HDF5 for early allocation");
  check(H5Pset_fill_time(list.id(), H5D_FILL_TIME_NEVER), "cannot switch off HDF5's fill values");
  return list;
}

}  // namespace millrace::hdf5
