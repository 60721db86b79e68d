// Stands in for libFuzzer: runs a harness once over each file of a folder.
#include <cstdio>
#include <filesystem>

#include "base/file.hpp"
#include "fuzz/harness.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::fprintf(stderr, "%s\n", entry.path().filename().c_str());  // the last line names what broke it
    millrace::fuzzing::fuzz(millrace::read_file(entry.path().string()));
    ++count;
  }
  std::printf("%d inputs\n", count);
  return count > 0 ? 0 : 1;
}
