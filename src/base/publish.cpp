#include "base/publish.hpp"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/host.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::string_view kMark = ".tmp-";

// NAME.tmp-PID-COUNTER@HOST: the owner can be told from the name alone.
std::string temporary_name(const std::string& final_path) {
  static std::atomic<unsigned> counter{0};
  return fmt::format("{}{}{}-{}@{}", final_path, kMark, ::getpid(), counter++, host_name());
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Over NFS a link that was made may be reported as failed, when the answer was lost and the request sent
// again; the number of names of the file tells.
bool has_second_name(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_nlink > 1;
}

void sync_path(const std::string& path, int flags) {
  const UniqueFd fd(file_operations().open(path.c_str(), flags, 0));
  if (!fd.valid()) throw errno_error("open", path, errno);
  if (file_operations().sync(fd.get()) != 0) throw errno_error("sync", path, errno);
}

// The pid in NAME.tmp-PID-COUNTER@HOST when HOST is this host; 0 otherwise.
pid_t owner_here(const std::string& name) {
  const auto mark = name.rfind(kMark);
  const auto at = name.rfind('@');
  if (mark == std::string::npos || at == std::string::npos || name.substr(at + 1) != host_name()) return 0;
  pid_t pid = 0;
  std::from_chars(name.data() + mark + kMark.size(), name.data() + at, pid);
  return pid;
}

}  // namespace

PendingFile::PendingFile(std::string final_path)
    : final_(std::move(final_path)), temporary_(temporary_name(final_)) {
  make_folder(folder_of(final_));
}

PendingFile::~PendingFile() {
  if (!committed_) ::unlink(temporary_.c_str());
}

void PendingFile::write(std::string_view bytes) {
  const UniqueFd fd(file_operations().open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
  if (!fd.valid()) throw errno_error("create", temporary_, errno);
  write_all(fd.get(), bytes, temporary_);
}

void PendingFile::commit() {
  commit_as(final_);
}

void PendingFile::commit_as(const std::string& final_path) {
  make_folder(folder_of(final_path));
  sync_path(temporary_, O_RDONLY);
  if (file_operations().rename(temporary_.c_str(), final_path.c_str()) != 0) {
    throw errno_error("publish", final_path, errno);
  }
  committed_ = true;
  sync_path(folder_of(final_path), O_RDONLY | O_DIRECTORY);
}

void publish_file(const std::string& path, std::string_view bytes) {
  PendingFile pending(path);
  pending.write(bytes);
  pending.commit();
}

bool publish_exclusive(const std::string& path, std::string_view bytes) {
  PendingFile pending(path);  // never committed: its destructor removes the temporary name
  pending.write(bytes);
  sync_path(pending.temporary_path(), O_RDONLY);
  if (file_operations().link(pending.temporary_path().c_str(), path.c_str()) != 0) {
    const int reason = errno;
    if (!has_second_name(pending.temporary_path())) {
      if (reason == EEXIST) return false;
      const Error error = errno_error("publish", path, reason);
      if (reason != EPERM && reason != EOPNOTSUPP) throw error;
      throw Error(Topic::kNoHardLinks, "{}; its file system must have hard links: choose a folder on another",
                  error.message());
    }
  }
  sync_path(folder_of(path), O_RDONLY | O_DIRECTORY);
  return true;
}

int remove_abandoned_files(const std::string& folder) {
  int removed = 0;
  for (const std::string& name : list_folder(folder)) {
    const std::string path = folder + "/" + name;
    const pid_t owner = owner_here(name);
    struct stat status {};
    if (owner <= 0 || ::lstat(path.c_str(), &status) != 0) continue;
    if (process_lives(owner, static_cast<double>(status.st_mtime))) continue;
    removed += ::unlink(path.c_str()) == 0 ? 1 : 0;
  }
  return removed;
}

}  // namespace millrace
