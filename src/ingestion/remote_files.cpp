#include "ingestion/remote_files.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <fnmatch.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/topics.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/partitions.hpp"
#include "ingestion/write_at.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

using remote::Address;
using remote::ObjectInfo;
using remote::S3Place;

constexpr const char* kWildcards = "*?[";

// A server that tells no versions apart leaves nothing to believe; so does one that sends all or nothing,
// which may have said no size.
FoundFile found_file(const std::string& place, const std::string& path, const ObjectInfo& object) {
  const bool is_told = object.ranges && !object.etag.empty();
  const Json stamp = is_told ? Json{object.etag, object.bytes, object.version} : Json();
  refuse_unknown_packing(path);
  return {place, source_name(path), object.bytes, stamp};
}

// A stamp holds what read_range() compares.
ObjectInfo object_of(const FoundFile& file) {
  return {file.bytes, file.stamp.is_null() ? "" : file.stamp.at(0).get<std::string>(), "", true};
}

// What one connection does at a time: bytes of a file, or all of one that cannot be had in parts.
struct Part {
  const Copy* copy = nullptr;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool is_whole = false;
};

// The same on all ranks.
std::vector<Part> parts_of(const std::vector<Copy>& copies, std::uint64_t part_bytes) {
  std::vector<Part> parts;
  for (const Copy& copy : copies) {
    const std::uint64_t bytes = copy.file.bytes;
    const bool is_whole = copy.file.stamp.is_null();
    if (is_whole || bytes == 0) parts.push_back({&copy, 0, 0, is_whole});
    for (std::uint64_t begin = 0; !is_whole && begin < bytes; begin += part_bytes)
      parts.push_back({&copy, begin, std::min(bytes, begin + part_bytes), false});
  }
  return parts;
}

void fetch_part(HttpClient& client, const Address& address, const Part& part) {
  const std::string& path = part.copy->path;
  const UniqueFd fd(file_operations().open(path.c_str(), O_WRONLY | O_CREAT, 0600));
  if (!fd.valid()) throw errno_error("create", path, errno);
  const auto sink = [&](std::uint64_t offset, std::string_view bytes) {
    write_at(fd.get(), bytes, part.begin + offset, path);
  };
  if (part.is_whole) {
    const std::uint64_t bytes = remote::read_whole(client, address, sink);
    // An attempt that failed may have left more.
    if (ReadableFile(path).size() != bytes) throw changed_meanwhile(address.name);
  } else if (part.begin < part.end) {
    remote::read_range(client, address, object_of(part.copy->file), part.begin, part.end, sink);
  }
  // Over a network a full disk may show only now; and other ranks are about to read this.
  if (file_operations().sync(fd.get()) != 0) throw errno_error("write", path, errno);
}

// Runs `work` on so many threads; the first error that leaves one of them leaves this.
void on_threads(std::uint64_t threads, const std::function<void()>& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  const auto guarded = [&] {
    try {
      work();
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::uint64_t i = 1; i < threads; ++i) others.emplace_back(guarded);
    guarded();
  }
  if (failure) std::rethrow_exception(failure);
}

// The part of a pattern that stands for itself.
std::string fixed_part(const std::string& pattern) {
  return pattern.substr(0, pattern.find_first_of(kWildcards));
}

// As for files: what matches itself, and what is CSV by its name below a "folder" that matches.
bool matches(const std::string& pattern, const std::string& key) {
  if (key == pattern || ::fnmatch(pattern.c_str(), key.c_str(), FNM_PATHNAME) == 0)
    return !key.ends_with('/');
  return is_source_name(key) && ::fnmatch(pattern.c_str(), key.c_str(), FNM_PATHNAME | FNM_LEADING_DIR) == 0;
}

}  // namespace

// Threads take the next of this rank's parts that nobody has; an error ends them all.
void RemoteFiles::fetch(const std::vector<Copy>& copies, const Share& share) {
  const std::vector<Part> parts = parts_of(copies, transfer_.part_bytes);
  const auto ranks = static_cast<std::uint64_t>(share.ranks);
  std::atomic<std::uint64_t> next{static_cast<std::uint64_t>(share.rank)};
  const std::uint64_t mine = (parts.size() + ranks - 1) / ranks;
  on_threads(std::min<std::uint64_t>(transfer_.connections, mine), [&] {
    HttpClient client = this->client();
    try {
      for (std::uint64_t i = next.fetch_add(ranks); i < parts.size(); i = next.fetch_add(ranks))
        fetch_part(client, address_of(parts[i].copy->file.place), parts[i]);
    } catch (...) {
      next = parts.size();
      throw;
    }
  });
}

const remote::S3Store& S3Files::store() {
  std::call_once(made_, [&] { store_.emplace(config_); });
  return *store_;
}

Address S3Files::address_of(const std::string& place) {
  return store().address_of(remote::parse_s3_place(place));
}

std::vector<FoundFile> S3Files::expand(const std::string& entry) {
  const S3Place place = remote::parse_s3_place(entry);
  HttpClient client = this->client();
  const bool is_pattern = place.key.find_first_of(kWildcards) != std::string::npos;
  const bool is_folder = place.key.empty() || place.key.ends_with('/');
  if (!is_pattern && !is_folder) {
    return {found_file(place.str(), place.key, remote::look_at(client, store().address_of(place)))};
  }
  std::vector<FoundFile> files;
  for (const auto& [key, info] : store().list(client, {place.bucket, fixed_part(place.key)}, entry)) {
    if (is_pattern ? !matches(place.key, key) : !is_source_name(key)) continue;
    files.push_back(found_file(S3Place{place.bucket, key}.str(), key, info));
  }
  if (!files.empty()) return files;
  throw Error(Topic::kMissingSource, "there is no '{}' (nothing that {})", entry,
              is_pattern ? "matches it" : "is *.csv, *.h5 or *.hdf5, plain or packed (.gz, .zst)");
}

Address WebFiles::address_of(const std::string& place) {
  return {place, shown_address(place), {}, true};
}

std::vector<FoundFile> WebFiles::expand(const std::string& entry) {
  HttpClient client = this->client();
  const ObjectInfo object = remote::look_at(client, address_of(entry));
  return {found_file(entry, shown_address(entry), object)};
}

}  // namespace millrace
