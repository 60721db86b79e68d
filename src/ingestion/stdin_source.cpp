#include "ingestion/stdin_source.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"
#include "ingestion/digest_memory.hpp"

namespace millrace {

namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 20U;

// False at the end of standard input.
bool read_some(std::vector<char>& to, std::size_t& got) {
  for (;;) {
    const ::ssize_t result = ::read(STDIN_FILENO, to.data(), to.size());
    if (result < 0 && errno == EINTR) continue;
    if (result < 0) throw errno_error("read", "standard input", errno);
    got = static_cast<std::size_t>(result);
    return got > 0;
  }
}

void copy_to(const std::string& path) {
  const UniqueFd to(file_operations().open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (!to.valid()) throw errno_error("create", path, errno);
  std::vector<char> buffer(kCopyBytes);
  for (std::size_t got = 0; read_some(buffer, got);) write_all(to.get(), {buffer.data(), got}, path);
  if (file_operations().sync(to.get()) != 0) throw errno_error("write", path, errno);
}

}  // namespace

std::vector<FoundFile> StandardInput::expand(const std::string&) {
  if (copy_) throw Error(Topic::kNamedTwice, "standard input is named twice: it can be read once");
  if (::isatty(STDIN_FILENO) == 1) {
    throw Error(Topic::kNotAFile, "data.source is standard input, but that is a terminal: send a file to it");
  }
  remove_abandoned_files(folder_);
  copy_.emplace(folder_ + "/stdin");
  const std::string& path = copy_->temporary_path();
  copy_to(path);
  const FileStamp stamp = stamp_of(path);
  return {{path, "stdin", stamp.size, stamp}};
}

}  // namespace millrace
