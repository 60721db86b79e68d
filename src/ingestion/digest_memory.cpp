#include "ingestion/digest_memory.hpp"

#include <cerrno>
#include <chrono>
#include <filesystem>

#include <sys/stat.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

std::int64_t now_in_nanoseconds() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string key_of(const std::string& source) {
  if (source.find("://") != std::string::npos) return source;
  std::error_code error;
  const auto canonical = std::filesystem::weakly_canonical(source, error);
  return error ? source : canonical.string();
}

FileStamp stamp_in(const struct stat& status) {
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

}  // namespace

bool FileStamp::settled(std::int64_t now) const {
  return now - std::max(mtime, ctime) >= 2 * kSecond;
}

FileStamp stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw errno_error("examine", path, errno);
  if (!S_ISREG(status.st_mode)) throw Error(Topic::kNotAFile, "'{}' is no regular file", path);
  return stamp_in(status);
}

FileStamp stamp_of(const ReadableFile& file) {
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) throw errno_error("examine", file.path(), errno);
  return stamp_in(status);
}

Error changed_meanwhile(const std::string& path) {
  return Error(Topic::kFileChanged, "'{}' changed while it was read", path);
}

void to_json(Json& json, const FileStamp& stamp) {
  json = {stamp.device, stamp.inode, stamp.size, stamp.mtime, stamp.ctime};
}
void from_json(const Json& json, FileStamp& stamp) {
  stamp = {json.at(0), json.at(1), json.at(2), json.at(3), json.at(4)};
}

StampedDigest take_digest(const std::string& path) {
  StampedDigest taken;
  taken.stamp = stamp_of(path);
  taken.settled = taken.stamp.settled(now_in_nanoseconds());
  taken.digest = digest_of_file(path);
  if (stamp_of(path) != taken.stamp) throw changed_meanwhile(path);
  return taken;
}

DigestMemory::DigestMemory(std::string path) : path_(std::move(path)) {
  if (!std::filesystem::exists(path_)) return;
  known_ = Json::parse(read_file(path_), nullptr, false);
  if (!known_.is_object()) known_ = Json::object();
}

std::optional<Digest> DigestMemory::find(const std::string& source, const Json& stamp) const {
  const auto entry = known_.find(key_of(source));
  if (entry == known_.end()) return std::nullopt;
  try {
    if (entry->at("stamp") != stamp) return std::nullopt;
    return Digest::from_hex(entry->at("sha256").get<std::string>());
  } catch (const std::exception&) {
    return std::nullopt;  // a damaged entry is no entry
  }
}

void DigestMemory::remember(const std::string& source, const Json& stamp, const Digest& digest) {
  known_[key_of(source)] = {{"stamp", stamp}, {"sha256", digest.hex()}};
  changed_ = true;
}

void DigestMemory::save() {
  if (changed_) publish_file(path_, known_.dump());
  changed_ = false;
}

}  // namespace millrace
