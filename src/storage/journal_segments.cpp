#include "storage/journal_segments.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "storage/journal_entry.hpp"

namespace millrace {

namespace {

constexpr int kSegmentFormat = 1;

std::uint64_t first_of(std::uint64_t number) {
  return (number - 1) / kSegmentEntries * kSegmentEntries + 1;
}

std::string segment_name(std::uint64_t first) {
  return fmt::format("{:09}-{:09}.segment", first, first + kSegmentEntries - 1);
}

// 0 for the name of anything else.
std::uint64_t first_in(const std::string& name) {
  constexpr std::size_t kFirstDigits = 9;
  if (name.size() < kFirstDigits || name.find_first_not_of("0123456789") != kFirstDigits) return 0;
  const std::uint64_t first = std::stoull(name.substr(0, kFirstDigits));
  return first % kSegmentEntries == 1 && name == segment_name(first) ? first : 0;
}

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(
      Topic::kDamagedJournal,
      "segment '{}' is damaged: {}; remove it if the files of its entries are still there, else take it from "
      "a copy",
      path, reason);
}

std::vector<std::size_t> sizes_in(const std::string& header, std::uint64_t first, const std::string& path) {
  try {
    const Json json = parse_json(header, "its first line");
    if (json_get<int>(json, "format", "it") != kSegmentFormat)
      throw Error(Topic::kNewerFormat, "segment '{}' is of another format: a newer Millrace wrote it", path);
    if (json_get<std::uint64_t>(json, "first", "it") != first) refuse(path, "it holds other entries");
    return json_get<std::vector<std::size_t>>(json, "sizes", "it");
  } catch (const Error& error) {
    if (error.topic() == Topic::kNewerFormat || error.topic() == Topic::kDamagedJournal) throw;
    refuse(path, error.message());
  }
}

}  // namespace

JournalSegments::JournalSegments(const std::string& folder) : folder_(folder + "/segments") {
  for (const std::string& name : list_folder(folder_)) {
    if (const std::uint64_t first = first_in(name); first != 0) firsts_.push_back(first);
  }
}

bool JournalSegments::has(std::uint64_t number) const {
  return std::ranges::binary_search(firsts_, first_of(number));
}

std::string JournalSegments::path(std::uint64_t number) const {
  return folder_ + "/" + segment_name(first_of(number));
}

std::vector<std::string> JournalSegments::read_from(std::uint64_t number) const {
  const std::string file = path(number);
  const std::string bytes = read_file(file);
  const std::size_t begin = bytes.find('\n');
  if (begin == std::string::npos) refuse(file, "it has no first line");
  const std::vector<std::size_t> sizes = sizes_in(bytes.substr(0, begin), first_of(number), file);
  if (sizes.size() != kSegmentEntries) refuse(file, "it does not have all entries");
  std::vector<std::string> entries;
  std::size_t at = begin + 1;
  for (const std::size_t size : sizes) {
    if (size > bytes.size() - at) refuse(file, "its end is missing");
    entries.emplace_back().reserve(size + kJournalPadding);
    entries.back().assign(bytes, at, size);
    at += size;
  }
  if (at != bytes.size()) refuse(file, "something follows its last entry");
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(number - first_of(number)));
  return entries;
}

void JournalSegments::write(std::uint64_t first, const std::vector<std::string>& entries) const {
  std::vector<std::size_t> sizes;
  std::string all;
  for (const std::string& entry : entries) {
    sizes.push_back(entry.size());
    all += entry;
  }
  const Json header{{"format", kSegmentFormat}, {"first", first}, {"sizes", sizes}};
  (void)publish_exclusive(path(first), canonical_json(header) + "\n" + all);
}

}  // namespace millrace
