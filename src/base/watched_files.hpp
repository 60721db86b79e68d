// File operations that say where they are (base/position.hpp) and leave the work to those they wrap.
#pragma once

#include "base/file.hpp"

namespace millrace {

class WatchedOperations : public FileOperations {
 public:
  explicit WatchedOperations(FileOperations& inner) : inner_(inner) {}

  int open(const char* path, int flags, unsigned mode) override;
  long write(int fd, const char* data, std::size_t size) override;
  long write_at(int fd, const char* data, std::size_t size, std::uint64_t offset) override;
  long read_at(int fd, char* data, std::size_t size, std::uint64_t offset) override;
  int sync(int fd) override;
  int rename(const char* from, const char* to) override;
  int link(const char* from, const char* to) override;

 private:
  FileOperations& inner_;
};

}  // namespace millrace
