// The publish contract: what is written appears under its final name whole, or not at all.
//
// A temporary name in the same folder, write, sync, rename (or link), sync the folder. A crash leaves only
// temporary files; the next run removes those whose owner (a process of this host) is dead.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

// Writes `bytes` to `path`, replacing what was there. Throws kResource; then `path` is as it was, or new and
// whole where only the last sync failed.
void publish_file(const std::string& path, std::string_view bytes);

// Writes `bytes` to `path` only if nothing has that name: link(2) decides, so one of many writers on any node
// wins. Returns false where somebody else was first. Throws kResource.
bool publish_exclusive(const std::string& path, std::string_view bytes);

// A file that a library writes by name (HDF5, an archive): give it temporary_path(), then commit().
// Without a commit the destructor removes the temporary file.
class PendingFile {
 public:
  explicit PendingFile(std::string final_path);  // makes the folder where it is missing
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  [[nodiscard]] const std::string& temporary_path() const { return temporary_; }
  [[nodiscard]] const std::string& final_path() const { return final_; }
  // Creates the temporary file with these bytes, for callers that have them in memory.
  void write(std::string_view bytes);
  // Sync, rename, sync the folder.
  void commit();
  // The same onto another final name in the same file system (an object named by its digest).
  void commit_as(const std::string& final_path);

 private:
  std::string final_;
  std::string temporary_;
  bool committed_ = false;
};

// Removes temporary files in `folder` whose owner was a process of this host that no longer lives. Returns
// how many.
int remove_abandoned_files(const std::string& folder);

}  // namespace millrace
