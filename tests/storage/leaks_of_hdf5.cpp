// HDF5 1.10 leaks a little while it refuses a damaged file; a leak check of these tests should report ours
// only.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5";
}
