// Linked into every program of a build with the address sanitizer: modules that a library unloads stay. Leaks
// are looked for at the program's end, and what Open MPI's components leave would have no names by then, so
// that leaks.supp could not tell them from ours.
extern "C" __attribute__((visibility("default"))) int dlclose(void* /*module*/) {
  return 0;
}
