#include "storage/journal.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

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

}  // namespace

Journal::Journal(std::string folder, std::string subject)
    : folder_(std::move(folder)), subject_(std::move(subject)) {}

std::string Journal::entry_name(std::uint64_t number) {
  return fmt::format("{:0{}}{}", number, kDigits, kSuffix);
}

JournalEntry Journal::read_entry(std::uint64_t number) const {
  const std::string path = folder_ + "/" + entry_name(number);
  const std::string bytes = read_file(path);
  JournalEntry entry{number, digest_of(bytes), {}};
  std::uint64_t said = 0;
  try {
    const std::string what = fmt::format("{} entry '{}'", subject_, path);
    entry.content = parse_json(bytes, what);
    said = json_get<std::uint64_t>(entry.content, "number", what);
  } catch (const Error& error) {  // an edit, or a disk that lost its end
    throw Error(Topic::kDamagedJournal, "{}", error.message());
  }
  if (said != number) {
    throw Error(Topic::kDamagedJournal, "{} entry '{}' was altered: it says that it is entry {}", subject_,
                path, said);
  }
  return entry;
}

void Journal::check_chain(const std::vector<JournalEntry>& entries) const {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (follows(entries, i)) continue;
    const std::uint64_t number = entries[altered_entry(entries, i)].number;
    throw Error(Topic::kDamagedJournal,
                "{} entry '{}/{}' was altered: the digests of its neighbours do not match it", subject_,
                folder_, entry_name(number));
  }
}

// Entries are looked up by number, since a listing taken while others append may show a later entry and not
// an earlier one; the listing only tells how far the journal must reach.
std::vector<JournalEntry> Journal::read() const {
  const std::uint64_t highest = highest_listed(folder_);
  std::vector<JournalEntry> entries;
  for (std::uint64_t number = 1;; ++number) {
    const std::string path = folder_ + "/" + entry_name(number);
    if (path_exists(path)) {
      entries.push_back(read_entry(number));
    } else if (number <= highest) {
      throw Error(Topic::kMissingEntry, "{} entry '{}' is missing, though later ones exist", subject_, path);
    } else {
      break;
    }
  }
  check_chain(entries);
  return entries;
}

bool Journal::publish(std::uint64_t last, const Digest& head, Json content) const {
  content["number"] = last + 1;
  content["previous"] = last == 0 ? Json(nullptr) : Json(head.hex());
  content["time"] = now_rfc3339();
  content["user"] = user_name();
  return publish_exclusive(folder_ + "/" + entry_name(last + 1), pretty_json(content));
}

// A lost race means that another writer got on, so it is no matter to lose many. But a client whose file
// system caches directories may lose against an entry that it does not see yet: then it waits.
void Journal::append(const EntryMaker& make) const {
  constexpr int kMostBlindAttempts = 100;
  constexpr std::chrono::milliseconds kPause(100);
  remove_abandoned_files(folder_);
  std::uint64_t seen = 0;
  for (int blind = 0; blind < kMostBlindAttempts; ++blind) {
    const std::vector<JournalEntry> entries = read();
    const std::optional<Json> content = make(entries);
    const std::uint64_t last = entries.size();
    if (!content || publish(last, entries.empty() ? Digest() : entries.back().digest, *content)) return;
    if (last > seen) blind = 0;
    if (blind > 0) std::this_thread::sleep_for(kPause);
    seen = last;
  }
  throw Error(Topic::kRegistryBusy,
              "cannot append to the {} '{}': entry {} exists but does not become visible", subject_, folder_,
              entry_name(seen + 1));
}

}  // namespace millrace
