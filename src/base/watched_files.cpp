#include "base/watched_files.hpp"

#include "base/position.hpp"

namespace millrace {

int WatchedOperations::open(const char* path, int flags, unsigned mode) {
  const InOperation here(Blocking::kFile, "open", 0, path);
  return inner_.open(path, flags, mode);
}
long WatchedOperations::write(int fd, const char* data, std::size_t size) {
  const InOperation here("write", size, fd);
  return inner_.write(fd, data, size);
}
long WatchedOperations::write_at(int fd, const char* data, std::size_t size, std::uint64_t offset) {
  const InOperation here("write", size, fd);
  return inner_.write_at(fd, data, size, offset);
}
long WatchedOperations::read_at(int fd, char* data, std::size_t size, std::uint64_t offset) {
  const InOperation here("read", size, fd);
  return inner_.read_at(fd, data, size, offset);
}
int WatchedOperations::sync(int fd) {
  const InOperation here("sync", 0, fd);
  return inner_.sync(fd);
}
int WatchedOperations::rename(const char* from, const char* to) {
  const InOperation here(Blocking::kFile, "rename", 0, to);
  return inner_.rename(from, to);
}
int WatchedOperations::link(const char* from, const char* to) {
  const InOperation here(Blocking::kFile, "link", 0, to);
  return inner_.link(from, to);
}

}  // namespace millrace
