#include "base/scratch_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"

namespace millrace {

ScratchFolder::ScratchFolder(const std::string& parent, const std::string& name)
    : path_(parent + "/" + name + "-XXXXXX") {  // what mkdtemp(3) replaces
  if (::mkdtemp(path_.data()) == nullptr) throw errno_error("create a folder like", path_, errno);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace millrace
