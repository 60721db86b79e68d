// A journal: one entry a file, 000000042.json, each with the digest of the entry before it. Publishing links
// onto the next free number: one writer wins, the others read on and try again. No lock, no daemon; right on
// NFS and Lustre. An entry is a JSON object with "number", "previous" (digest of the bytes of the entry
// before, null for the first), "time", "user", "type" and what the type calls for. Layout: docs/formats.md,
// "Journal entries".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace millrace {

struct JournalEntry {
  std::uint64_t number = 0;
  Digest digest;  // of the file's bytes
  Json content;
};

class Journal {
 public:
  // `subject` is what messages call it: "registry". The folder need not exist.
  Journal(std::string folder, std::string subject);

  [[nodiscard]] const std::string& folder() const { return folder_; }

  // All entries in order, their chain verified. Throws kResource naming the first entry that is missing or
  // altered. What no later entry vouches for, the last entry, may be altered or removed unseen.
  [[nodiscard]] std::vector<JournalEntry> read() const;

  // Completes `content` and publishes it as the entry after `last` (number 0: as the first). Returns false
  // where another writer took that number. Throws kResource; then the journal is as it was, or has the entry
  // whole.
  [[nodiscard]] bool publish(std::uint64_t last, const Digest& head, Json content) const;

  // What to append to these entries, or nothing where all is as wanted already; asked again after a lost
  // race.
  using EntryMaker = std::function<std::optional<Json>(const std::vector<JournalEntry>&)>;
  // Safe against any number of writers on any nodes. Throws as read() and publish() do, and what `make`
  // throws.
  void append(const EntryMaker& make) const;

  static std::string entry_name(std::uint64_t number);  // 000000042.json

 private:
  [[nodiscard]] JournalEntry read_entry(std::uint64_t number) const;
  void check_chain(const std::vector<JournalEntry>& entries) const;

  std::string folder_;
  std::string subject_;
};

}  // namespace millrace
