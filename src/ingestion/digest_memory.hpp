// Digests of source files, remembered between runs, so that an unchanged file is not read again.
//
// A file counts as unchanged when device, inode, size, mtime and ctime (nanoseconds) are the same. What was
// hashed within 2 s of a change is not remembered: a second change within the clock's grain could not be
// told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace millrace {

// What stat(2) says; all zero nowhere.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime = 0;  // nanoseconds since 1970
  std::int64_t ctime = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;

  [[nodiscard]] bool settled(std::int64_t now) const;  // nothing has changed for 2 s
};
// Throws kResource where there is no such regular file, or it cannot be examined.
FileStamp stamp_of(const std::string& path);
// Of a file that is open: what a network file system's server said when it was opened, where stat(2) may say
// what it was some time ago.
FileStamp stamp_of(const ReadableFile& file);

// What readers throw (kResource) for a file that is no longer as it was when its digest was taken.
Error changed_meanwhile(const std::string& path);

void to_json(Json& json, const FileStamp& stamp);
void from_json(const Json& json, FileStamp& stamp);

struct StampedDigest {
  FileStamp stamp;
  Digest digest;
  bool settled = false;  // when it was taken: may be remembered
};
// Reads the file. Throws kResource where it changes meanwhile.
StampedDigest take_digest(const std::string& path);

class DigestMemory {
 public:
  // Nothing is known where the file is missing or damaged: the memory only saves time.
  explicit DigestMemory(std::string path);

  // `stamp`: a FileStamp, or what tells another kind of source whether its bytes are the same.
  [[nodiscard]] std::optional<Digest> find(const std::string& source, const Json& stamp) const;
  void remember(const std::string& source, const Json& stamp, const Digest& digest);
  void save();  // only where something is new

 private:
  std::string path_;
  Json known_ = Json::object();  // absolute path or address of a source → {stamp, sha256}
  bool changed_ = false;
};

}  // namespace millrace
