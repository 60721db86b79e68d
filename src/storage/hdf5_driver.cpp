#include "storage/hdf5_driver.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "storage/hdf5_handle.hpp"

namespace millrace::hdf5 {

namespace {

// HDF5 sees the first member alone.
struct OpenFile {
  H5FD_t known_to_hdf5{};
  std::string path;
  int fd = -1;
  haddr_t allocated = 0;  // end of what HDF5 has allocated
  haddr_t end = 0;        // of the file
  int error_number = 0;   // of the first call that failed
};

// errno of the files that were closed after a failed call, until somebody asks or opens the file anew.
std::map<std::string, int>& failed_files() {
  static std::map<std::string, int> failed;
  return failed;
}

OpenFile& ours(H5FD_t* file) {
  return *reinterpret_cast<OpenFile*>(file);
}
const OpenFile& ours(const H5FD_t* file) {
  return *reinterpret_cast<const OpenFile*>(file);
}

// Puts errno's words where last_words() finds them.
herr_t fail(hid_t kind) {
  H5Epush2(H5E_DEFAULT, __FILE__, "millrace", __LINE__, H5E_ERR_CLS, H5E_IO, kind, "%s",
           std::strerror(errno));
  return -1;
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t /*access*/, haddr_t /*most*/) {
  const int mode = ((flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY) |
                   ((flags & H5F_ACC_TRUNC) != 0 ? O_TRUNC : 0) |
                   ((flags & H5F_ACC_CREAT) != 0 ? O_CREAT : 0) | ((flags & H5F_ACC_EXCL) != 0 ? O_EXCL : 0);
  UniqueFd fd(file_operations().open(name, mode, 0644));
  struct stat status {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
    fail(H5E_CANTOPENFILE);
    return nullptr;
  }
  failed_files().erase(name);
  auto* file = new OpenFile;
  file->path = name;
  file->fd = fd.release();
  file->end = static_cast<haddr_t>(status.st_size);
  return &file->known_to_hdf5;
}

herr_t close_file(H5FD_t* file) {
  OpenFile* const closing = &ours(file);
  const UniqueFd fd(closing->fd);
  if (closing->error_number != 0) failed_files()[closing->path] = closing->error_number;
  delete closing;
  return 0;
}

// What HDF5's default driver says of itself: it decides where things lie in the file.
herr_t features(const H5FD_t* /*file*/, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t /*type*/) {
  return ours(file).allocated;
}
herr_t set_allocated(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t to) {
  ours(file).allocated = to;
  return 0;
}
haddr_t end(const H5FD_t* file, H5FD_mem_t /*type*/) {
  return ours(file).end;
}

// What lies behind the end of the file reads as zeros.
herr_t read(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t at, size_t size, void* buffer) {
  auto* to = static_cast<char*>(buffer);
  while (size > 0) {
    const long got = file_operations().read_at(ours(file).fd, to, size, at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      ours(file).error_number = errno;
      return fail(H5E_READERROR);
    }
    if (got == 0) break;
    to += got;
    at += static_cast<haddr_t>(got);
    size -= static_cast<size_t>(got);
  }
  std::fill_n(to, size, '\0');
  return 0;
}

// HDF5 1.10 does not survive a failed write: it closes the file by halves and crashes at the end of the
// process. So it is told that all is well, and the failure is kept for whoever closes the file.
herr_t write(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t at, size_t size,
             const void* buffer) {
  OpenFile& mine = ours(file);
  const auto* from = static_cast<const char*>(buffer);
  mine.end = std::max(mine.end, at + size);
  while (size > 0 && mine.error_number == 0) {
    const long wrote = file_operations().write_at(mine.fd, from, size, at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      mine.error_number = errno;
      break;
    }
    from += wrote;
    at += static_cast<haddr_t>(wrote);
    size -= static_cast<size_t>(wrote);
  }
  return 0;
}

// The file becomes as long as what HDF5 has allocated.
herr_t truncate(H5FD_t* file, hid_t /*transfer*/, hbool_t /*closing*/) {
  OpenFile& mine = ours(file);
  if (mine.allocated == mine.end || mine.error_number != 0) return 0;
  if (::ftruncate(mine.fd, static_cast<off_t>(mine.allocated)) != 0) mine.error_number = errno;
  mine.end = mine.allocated;
  return 0;
}

// By name, since newer versions of HDF5 have more members in front.
H5FD_class_t make_driver() {
  constexpr H5FD_mem_t kPlaces[] = H5FD_FLMAP_DICHOTOMY;  // as the default driver: part of the files' layout
  H5FD_class_t driver{};
  driver.name = "millrace";
  driver.maxaddr = (haddr_t{1} << (8 * sizeof(off_t) - 1)) - 1;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.open = open_file;
  driver.close = close_file;
  driver.query = features;
  driver.get_eoa = allocated;
  driver.set_eoa = set_allocated;
  driver.get_eof = end;
  driver.read = read;
  driver.write = write;
  driver.truncate = truncate;
  std::copy(std::begin(kPlaces), std::end(kPlaces), std::begin(driver.fl_map));
  return driver;
}

}  // namespace

void use_file_layer(hid_t access_list) {
  static const H5FD_class_t kDriver = make_driver();
  static const hid_t kId = H5FDregister(&kDriver);
  if (kId < 0) throw resource_error("cannot register a file driver with HDF5: {}", last_words());
  check(H5Pset_driver(access_list, kId, nullptr), "cannot set HDF5's file driver");
}

int take_failure(const std::string& path) {
  const auto found = failed_files().find(path);
  return found == failed_files().end() ? 0 : failed_files().extract(found).mapped();
}

}  // namespace millrace::hdf5
