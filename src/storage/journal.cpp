#include "storage/journal.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include <pwd.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "storage/journal_segments.hpp"

namespace millrace {

namespace {

constexpr std::size_t kDigits = 9;
constexpr std::string_view kSuffix = ".json";

std::uint64_t highest_listed(const std::string& folder) {
  std::uint64_t highest = 0;
  for (const std::string& name : list_folder(folder)) highest = std::max(highest, Journal::number_in(name));
  return highest;
}

std::string user_name() {
  const struct passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : fmt::format("uid {}", ::geteuid());
}

// What entry `index` must hold as "previous".
const std::string& digest_before(const JournalPosition& before, const std::vector<JournalEntry>& entries,
                                 std::size_t index) {
  return index == 0 ? before.head.hex() : entries[index - 1].digest.hex();
}

bool follows(const JournalPosition& before, const std::vector<JournalEntry>& entries, std::size_t index) {
  return entries[index].previous == digest_before(before, entries, index);
}

// Where entry `index` does not follow the one before it, one of the two was altered: the later one where the
// entry after it does not vouch for it either.
std::uint64_t altered_entry(const JournalPosition& before, const std::vector<JournalEntry>& entries,
                            std::size_t index) {
  const bool vouched = index + 1 >= entries.size() || follows(before, entries, index + 1);
  const std::uint64_t number = entries[index].number;
  return number > 1 && vouched ? number - 1 : number;
}

// The text with what the chain takes from it. "previous" is null in the first entry alone.
JournalEntry parse_entry(JournalFields& fields, std::uint64_t number, std::string text) {
  JournalEntry entry{number, digest_of(text), std::move(text), ""};
  fields.open(number, entry.text);
  const std::uint64_t said = fields.number("/number");
  if (said != number) {
    throw Error(Topic::kDamagedJournal, "{} was altered: it says that it is entry {}", fields.what(), said);
  }
  const bool is_first = number == 1 && fields.is_null("/previous");
  entry.previous = is_first ? "" : fields.text_or("/previous", "none");
  return entry;
}

}  // namespace

Journal::Journal(std::string folder, std::string subject)
    : folder_(std::move(folder)), subject_(std::move(subject)) {}

std::string Journal::entry_name(std::uint64_t number) {
  return fmt::format("{:0{}}{}", number, kDigits, kSuffix);
}

std::uint64_t Journal::number_in(const std::string& name) {
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return 0;
  if (name.find_first_not_of("0123456789") != kDigits) return 0;
  return std::stoull(name.substr(0, kDigits));
}

// What has been read: its segment, where it is in one.
std::string Journal::place_of(std::uint64_t number) const {
  const JournalSegments segments(folder_);
  return (segments.has(number) ? segments.path(number) : folder_) + "/" + entry_name(number);
}

void Journal::check_chain(const JournalPosition& before, const std::vector<JournalEntry>& entries) const {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (follows(before, entries, i)) continue;
    throw Error(Topic::kDamagedJournal,
                "{} entry '{}' was altered: the digests of its neighbours do not match it", subject_,
                place_of(altered_entry(before, entries, i)));
  }
}

// Entries are looked up by number, since a listing taken while others append may show a later entry and not
// an earlier one; the listing only tells how far the journal must reach. Who has read before asks for the
// next number alone: entries that are removed meanwhile are found by the next who reads all.
std::vector<JournalEntry> Journal::read_after(const JournalPosition& position) const {
  const bool all = position.number == 0;
  const JournalSegments segments(folder_);
  const std::uint64_t highest = all ? std::max(segments.last(), highest_listed(folder_)) : 0;
  std::vector<JournalEntry> entries;
  JournalFields fields(subject_, folder_);
  for (std::uint64_t number = position.number + 1;; number = position.number + entries.size() + 1) {
    const std::string path = folder_ + "/" + entry_name(number);
    if (segments.has(number)) {
      for (std::string& text : segments.read_from(number)) {
        entries.push_back(parse_entry(fields, position.number + entries.size() + 1, std::move(text)));
      }
    } else if (path_exists(path)) {
      entries.push_back(parse_entry(fields, number, read_file(path)));
    } else if (number <= highest) {
      throw Error(Topic::kMissingEntry, "{} entry '{}' is missing, though later ones exist", subject_, path);
    } else {
      break;
    }
  }
  check_chain(position, entries);
  return entries;
}

bool Journal::publish(const JournalPosition& after, Json content) const {
  content["number"] = after.number + 1;
  content["previous"] = after.number == 0 ? Json(nullptr) : Json(after.head.hex());
  content["time"] = now_rfc3339();
  content["user"] = user_name();
  return publish_exclusive(folder_ + "/" + entry_name(after.number + 1), canonical_json(content) + "\n");
}

// A lost race means that another writer got on, so it is no matter to lose many. But a client whose file
// system caches directories may lose against an entry that it does not see yet: then it waits.
void Journal::append(JournalPosition position, const EntryMaker& make) const {
  constexpr int kMostBlindAttempts = 100;
  constexpr std::chrono::milliseconds kPause(100);
  clean();
  for (int blind = 0; blind < kMostBlindAttempts; ++blind) {
    std::vector<JournalEntry> entries = read_after(position);
    if (!entries.empty()) position = {entries.back().number, entries.back().digest};
    if (!entries.empty()) blind = 0;
    const std::optional<Json> content = make(std::move(entries));
    if (!content) return;
    if (publish(position, *content)) return seal(position.number + 1);
    if (blind > 0) std::this_thread::sleep_for(kPause);
  }
  throw Error(Topic::kRegistryBusy,
              "cannot append to the {} '{}': entry {} exists but does not become visible", subject_, folder_,
              entry_name(position.number + 1));
}

// Writers that were killed leave temporary files. Once is enough: a folder of thousands takes long to list.
void Journal::clean() const {
  if (!cleaned_) remove_abandoned_files(folder_);
  cleaned_ = true;
}

// The entry is written, whatever becomes of this: readers take its own file as well.
void Journal::seal(std::uint64_t last) const {
  if (last % kSegmentEntries != 0) return;
  try {
    const JournalSegments segments(folder_);
    for (std::uint64_t first = 1; first + kSegmentEntries - 1 <= last; first += kSegmentEntries) {
      if (!segments.has(first)) segments.write(first, texts_from(first));
    }
  } catch (const Error& error) {
    log_warning("the {} '{}' has no new segment: {}", subject_, folder_, error.message());
  }
}

std::vector<std::string> Journal::texts_from(std::uint64_t first) const {
  std::vector<std::string> texts;
  for (std::uint64_t number = first; number < first + kSegmentEntries; ++number)
    texts.push_back(read_file(folder_ + "/" + entry_name(number)));
  return texts;
}

void Journal::adopt(const JournalEntry& entry) const {
  if (!publish_exclusive(folder_ + "/" + entry_name(entry.number), entry.text)) {
    throw Error(Topic::kRegistryBusy, "cannot append to the {} '{}': somebody else appends to it now",
                subject_, folder_);
  }
  seal(entry.number);
}

std::vector<std::string> Journal::sealed_files(std::chrono::seconds age) const {
  namespace fs = std::filesystem;
  const JournalSegments segments(folder_);
  std::vector<std::string> files;
  for (const std::uint64_t first : segments.firsts()) {
    if (fs::last_write_time(segments.path(first)) > fs::file_time_type::clock::now() - age) continue;
    const std::vector<std::string> texts = segments.read_from(first);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string path = folder_ + "/" + entry_name(first + i);
      if (path_exists(path) && read_file(path) == texts[i]) files.push_back(path);
    }
  }
  return files;
}

}  // namespace millrace
