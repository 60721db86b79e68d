// The file layer: every byte that Millrace reads or publishes goes through here.
//
// FileOperations is the seam: tests and the fault layer (base/faults.hpp) replace it to make the k-th write,
// sync, rename or link fail and then look at what is left on disk. base/publish.hpp builds the publish
// contract on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

// An open file descriptor with one owner.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

// The system calls that change or read files. Each returns as the call does: a negative value sets errno.
class FileOperations {
 public:
  virtual ~FileOperations() = default;
  virtual int open(const char* path, int flags, unsigned mode);
  virtual long write(int fd, const char* data, std::size_t size);
  virtual long write_at(int fd, const char* data, std::size_t size, std::uint64_t offset);
  virtual long read_at(int fd, char* data, std::size_t size, std::uint64_t offset);
  virtual int sync(int fd);
  virtual int rename(const char* from, const char* to);
  virtual int link(const char* from, const char* to);
};

FileOperations& file_operations();

// Replaces the operations of this process for its lifetime (tests and the fault layer; not thread-safe).
class ScopedFileOperations {
 public:
  explicit ScopedFileOperations(FileOperations& replacement);
  ~ScopedFileOperations();
  ScopedFileOperations(const ScopedFileOperations&) = delete;
  ScopedFileOperations& operator=(const ScopedFileOperations&) = delete;

 private:
  FileOperations* previous_;
};

// A regular file open for positioned reads. Throws kResource with the path where it is missing, unreadable or
// a folder.
class ReadableFile {
 public:
  // `name` is what messages about the content call it: the file's own name where empty.
  explicit ReadableFile(std::string path, std::string name = "");

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }  // when it was opened
  [[nodiscard]] int fd() const { return fd_.get(); }
  // Reads up to `to.size()` bytes at `offset`; fewer only at the end of the file.
  std::size_t read_at(std::uint64_t offset, std::span<char> to) const;

 private:
  std::string path_;
  std::string name_;
  UniqueFd fd_;
  std::uint64_t size_ = 0;
};

// All of `bytes`, in as many writes as that takes. Throws kResource naming `path`.
void write_all(int fd, std::string_view bytes, const std::string& path);

// The whole file. Throws kResource.
std::string read_file(const std::string& path);

// Whether a file or folder has this name. Throws kResource where that cannot be told (a folder on the way
// that may not be searched): an unreadable place is not an empty one.
bool path_exists(const std::string& path);

// Creates the folder and its parents. Throws kResource where it cannot be made.
void make_folder(const std::string& path);

// Names in the folder, sorted; empty where the folder does not exist.
std::vector<std::string> list_folder(const std::string& path);

}  // namespace millrace
