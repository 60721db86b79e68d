// Inside storage/: how files are opened, and how what lies in them is made.
#pragma once

#include <hdf5.h>

#include "storage/hdf5_handle.hpp"

namespace millrace::hdf5 {

// Version bounds are fixed so that a newer library writes the same bytes; from 1.8 on attributes may exceed
// 64 KiB. Locks are left out: objects never change, and some parallel file systems refuse to lock.
Handle access_properties(H5F_libver_t version = H5F_LIBVER_V18);
// For a file in memory.
Handle memory_access_properties();

// Any kind of object, without the times that would make equal content differ in bytes.
Handle creation_properties(hid_t kind);
// Contiguous datasets, whose place in the file is known at once.
Handle dataset_properties();

}  // namespace millrace::hdf5
