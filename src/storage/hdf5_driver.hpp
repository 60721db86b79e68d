// Inside storage/: HDF5's file driver over base/'s file layer, so that what HDF5 reads and writes goes
// through the same seam as every other byte, and a failed call is told in the system's words. The files are
// those that HDF5's own default driver makes. Interface: HDF5 1.10's H5FDpublic.h.
#pragma once

#include <string>

#include <hdf5.h>

namespace millrace::hdf5 {

// Makes the access list use this driver. Throws kResource.
void use_file_layer(hid_t access_list);

// errno of the first call that failed in the file of this path, once it is closed; 0 where all went well.
// Asking forgets it.
int take_failure(const std::string& path);

}  // namespace millrace::hdf5
