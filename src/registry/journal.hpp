// Inside registry/: the files of the journal. An entry is a JSON object with "number", "previous" (digest of
// the bytes of the entry before, null for the first), "time", "user", "type" and what the type calls for.
// Layout: docs/formats.md, "Journal entries".
#pragma once

#include <cstdint>
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

std::string entry_name(std::uint64_t number);  // 000000042.json

// All entries in order, their chain verified. Throws kResource naming the first entry that is missing or
// altered. What no later entry vouches for, the last entry, may be altered or removed unseen.
std::vector<JournalEntry> read_journal(const std::string& folder);

// Completes `content` and publishes it as the entry after `last` (number 0: as the first). Returns false
// where another writer took that number. Throws kResource; then the journal is as it was, or has the entry
// whole.
bool publish_entry(const std::string& folder, std::uint64_t last, const Digest& head, Json content);

}  // namespace millrace
