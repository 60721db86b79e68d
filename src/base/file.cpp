#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    if (valid()) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}
UniqueFd::~UniqueFd() {
  if (valid()) ::close(fd_);
}
int UniqueFd::release() {
  return std::exchange(fd_, -1);
}

int FileOperations::open(const char* path, int flags, unsigned mode) {
  return ::open(path, flags | O_CLOEXEC, mode);
}
long FileOperations::write(int fd, const char* data, std::size_t size) {
  return ::write(fd, data, size);
}
long FileOperations::write_at(int fd, const char* data, std::size_t size, std::uint64_t offset) {
  return ::pwrite(fd, data, size, static_cast<off_t>(offset));
}
long FileOperations::read_at(int fd, char* data, std::size_t size, std::uint64_t offset) {
  return ::pread(fd, data, size, static_cast<off_t>(offset));
}
int FileOperations::sync(int fd) {
  return ::fsync(fd);
}
int FileOperations::rename(const char* from, const char* to) {
  return std::rename(from, to);
}
int FileOperations::link(const char* from, const char* to) {
  return ::link(from, to);
}

namespace {

FileOperations default_operations;
FileOperations* current_operations = &default_operations;

}  // namespace

FileOperations& file_operations() {
  return *current_operations;
}

ScopedFileOperations::ScopedFileOperations(FileOperations& replacement)
    : previous_(std::exchange(current_operations, &replacement)) {}
ScopedFileOperations::~ScopedFileOperations() {
  current_operations = previous_;
}

ReadableFile::ReadableFile(std::string path, std::string name)
    : path_(std::move(path)),
      name_(name.empty() ? std::filesystem::path(path_).filename().string() : std::move(name)),
      fd_(file_operations().open(path_.c_str(), O_RDONLY, 0)) {
  if (!fd_.valid()) throw errno_error("open", path_, errno);
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) throw errno_error("examine", path_, errno);
  if (!S_ISREG(status.st_mode)) throw Error(Topic::kNotAFile, "'{}' is no regular file", path_);
  size_ = static_cast<std::uint64_t>(status.st_size);
}

std::size_t ReadableFile::read_at(std::uint64_t offset, std::span<char> to) const {
  std::size_t done = 0;
  while (done < to.size()) {
    const long got = file_operations().read_at(fd_.get(), to.data() + done, to.size() - done, offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw errno_error("read", path_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const long wrote = file_operations().write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw errno_error("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

std::string read_file(const std::string& path) {
  const ReadableFile file(path);
  std::string bytes(file.size(), '\0');
  bytes.resize(file.read_at(0, bytes));
  return bytes;
}

bool path_exists(const std::string& path) {
  std::error_code error;
  const bool found = std::filesystem::exists(path, error);
  if (error) throw errno_error("look for", path, error);
  return found;
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw errno_error("make the folder", path, error);
}

// By readdir(3): the library's iterator makes a path of each name, which takes longer than all the rest.
std::vector<std::string> list_folder(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (folder == nullptr && errno == ENOENT) return {};
  if (folder == nullptr) throw errno_error("list the folder", path, errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) throw errno_error("list the folder", path, errno);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace millrace
