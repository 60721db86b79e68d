// A folder of its owner's alone, gone with it.
#pragma once

#include <string>

namespace millrace {

class ScratchFolder {
 public:
  // Makes PARENT/NAME-… under a name that nothing has (mkdtemp(3)). Throws kResource.
  ScratchFolder(const std::string& parent, const std::string& name);
  // Removes it with all that is in it; what cannot be removed stays behind.
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace millrace
