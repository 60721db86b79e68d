// A journal: one entry a file, 000000042.json, each with the digest of the entry before it. Publishing links
// onto the next free number: one writer wins, the others read on and try again. No lock, no daemon; right on
// NFS and Lustre. An entry is a JSON object with "number", "previous" (digest of the bytes of the entry
// before, null for the first), "time", "user", "type" and what the type calls for. Entries are copied into
// sealed segments (storage/journal_segments.hpp), which are read faster. Layout: docs/formats.md, "Journal
// entries".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "storage/journal_entry.hpp"

namespace millrace {

// The entry that one has read up to; the default is before the first.
struct JournalPosition {
  std::uint64_t number = 0;
  Digest head;  // that entry's digest
};

class Journal {
 public:
  // `subject` is what messages call it: "registry". The folder need not exist.
  Journal(std::string folder, std::string subject);

  [[nodiscard]] const std::string& folder() const { return folder_; }

  // All entries in order, their chain verified. Throws kResource naming the first entry that is missing or
  // altered. What no later entry vouches for, the last entry, may be altered or removed unseen.
  [[nodiscard]] std::vector<JournalEntry> read() const { return read_after({}); }
  // Only those after the position, which the first of them must follow: for readers that have read before.
  [[nodiscard]] std::vector<JournalEntry> read_after(const JournalPosition& position) const;

  // Completes `content` and publishes it as the entry after the position. Returns false where another writer
  // took that number. Throws kResource; then the journal is as it was, or has the entry whole.
  [[nodiscard]] bool publish(const JournalPosition& after, Json content) const;

  // What to append, or nothing where all is as wanted already. Gets the entries that it has not seen: those
  // after the position first, and after each lost race those that came meanwhile.
  using EntryMaker = std::function<std::optional<Json>(std::vector<JournalEntry>)>;
  // Safe against any number of writers on any nodes. Throws as read() and publish() do, and what `make`
  // throws.
  void append(JournalPosition position, const EntryMaker& make) const;

  // Publishes an entry of a copy of this journal as it stands. Throws kRegistryBusy where its number is
  // taken.
  void adopt(const JournalEntry& entry) const;

  // The files of entries that a segment of that age holds as well, byte for byte: they may be removed.
  [[nodiscard]] std::vector<std::string> sealed_files(std::chrono::seconds age) const;

  static std::string entry_name(std::uint64_t number);  // 000000042.json
  // The number in such a name; 0 for any other, such as that of a temporary file.
  static std::uint64_t number_in(const std::string& name);

 private:
  void check_chain(const JournalPosition& before, const std::vector<JournalEntry>& entries) const;
  [[nodiscard]] std::string place_of(std::uint64_t number) const;
  void clean() const;
  void seal(std::uint64_t last) const;
  [[nodiscard]] std::vector<std::string> texts_from(std::uint64_t first) const;

  std::string folder_;
  std::string subject_;
  mutable bool cleaned_ = false;  // of what killed writers have left
};

}  // namespace millrace
