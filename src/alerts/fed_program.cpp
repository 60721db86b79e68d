#include "alerts/fed_program.hpp"

#include <cerrno>

#include <sys/mman.h>
#include <unistd.h>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

// A file in memory, which children open by this process's number.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes = {}) : fd_(::memfd_create("millrace-alert", MFD_CLOEXEC)) {
    if (!fd_.valid()) throw errno_error("create", "a file in memory", errno);
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0) throw errno_error("write", "a file in memory", errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  [[nodiscard]] std::string path() const { return fmt::format("/proc/{}/fd/{}", ::getpid(), fd_.get()); }

 private:
  UniqueFd fd_;
};

}  // namespace

std::string feed_program(const std::string& name, const std::vector<std::string>& words,
                         std::string_view input, double limit) {
  try {
    const MemoryFile in(input);
    const MemoryFile complaint;
    const int code = run_child(words, {"/dev/null", complaint.path(), in.path()}, limit);
    if (code == 0) return "";
    const std::string said = last_words(complaint.path());
    return fmt::format("{} {}{}", name, how_it_ended(code, limit),
                       said.empty() ? "" : ": " + millrace::quoted(said, 500));
  } catch (const Error& error) {
    return fmt::format("{}: {}", name, error.message());
  }
}

}  // namespace millrace
