#include "registry/journal.hpp"

#include <algorithm>

#include <pwd.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kDigits = 9;
constexpr std::string_view kSuffix = ".json";

// The number in "000000042.json"; 0 for any other name, such as that of a temporary file.
std::uint64_t number_in(const std::string& name) {
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return 0;
  if (name.find_first_not_of("0123456789") != kDigits) return 0;
  return std::stoull(name.substr(0, kDigits));
}

std::uint64_t highest_listed(const std::string& folder) {
  std::uint64_t highest = 0;
  for (const std::string& name : list_folder(folder)) highest = std::max(highest, number_in(name));
  return highest;
}

std::string user_name() {
  const struct passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : fmt::format("uid {}", ::geteuid());
}

JournalEntry read_entry(const std::string& path, std::uint64_t number) {
  const std::string bytes = read_file(path);
  JournalEntry entry{number, digest_of(bytes), {}};
  std::uint64_t said = 0;
  try {
    const std::string what = "registry entry '" + path + "'";
    entry.content = parse_json(bytes, what);
    said = json_get<std::uint64_t>(entry.content, "number", what);
  } catch (const Error& error) {  // an edit, or a disk that lost its end
    throw Error(Topic::kDamagedJournal, "{}", error.message());
  }
  if (said != number) {
    throw Error(Topic::kDamagedJournal, "registry entry '{}' was altered: it says that it is entry {}", path,
                said);
  }
  return entry;
}

// What entry `index` must hold as "previous".
Json digest_before(const std::vector<JournalEntry>& entries, std::size_t index) {
  return index == 0 ? Json(nullptr) : Json(entries[index - 1].digest.hex());
}

bool follows(const std::vector<JournalEntry>& entries, std::size_t index) {
  return entries[index].content.value("previous", Json("missing")) == digest_before(entries, index);
}

// Where entry `index` does not follow the one before it, one of the two was altered: the later one where the
// entry after it does not vouch for it either.
std::size_t altered_entry(const std::vector<JournalEntry>& entries, std::size_t index) {
  const bool vouched = index + 1 >= entries.size() || follows(entries, index + 1);
  return index > 0 && vouched ? index - 1 : index;
}

void check_chain(const std::vector<JournalEntry>& entries, const std::string& folder) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (follows(entries, i)) continue;
    const std::uint64_t number = entries[altered_entry(entries, i)].number;
    throw Error(Topic::kDamagedJournal,
                "registry entry '{}/{}' was altered: the digests of its neighbours do not match it", folder,
                entry_name(number));
  }
}

}  // namespace

std::string entry_name(std::uint64_t number) {
  return fmt::format("{:0{}}{}", number, kDigits, kSuffix);
}

// Entries are looked up by number, since a listing taken while others append may show a later entry and not
// an earlier one; the listing only tells how far the journal must reach.
std::vector<JournalEntry> read_journal(const std::string& folder) {
  const std::uint64_t highest = highest_listed(folder);
  std::vector<JournalEntry> entries;
  for (std::uint64_t number = 1;; ++number) {
    const std::string path = folder + "/" + entry_name(number);
    if (path_exists(path)) {
      entries.push_back(read_entry(path, number));
    } else if (number <= highest) {
      throw Error(Topic::kMissingEntry, "registry entry '{}' is missing, though later ones exist", path);
    } else {
      break;
    }
  }
  check_chain(entries, folder);
  return entries;
}

bool publish_entry(const std::string& folder, std::uint64_t last, const Digest& head, Json content) {
  content["number"] = last + 1;
  content["previous"] = last == 0 ? Json(nullptr) : Json(head.hex());
  content["time"] = now_rfc3339();
  content["user"] = user_name();
  return publish_exclusive(folder + "/" + entry_name(last + 1), pretty_json(content));
}

}  // namespace millrace
