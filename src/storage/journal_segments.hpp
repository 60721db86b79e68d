// Sealed segments of a journal: segments/000000001-000000256.segment holds the bytes of so many entries, one
// after the other, behind a line of JSON {"format": 1, "first": 1, "sizes": […]}. Every writer makes the same
// bytes of the same entries, so any may seal; what the entries say is checked by their chain, as ever. The
// entries' own files stay for a while: who copies the folder file by file meanwhile finds each entry in one
// place or the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace {

inline constexpr std::uint64_t kSegmentEntries = 256;

class JournalSegments {
 public:
  // Lists the segments of the journal in `folder`.
  explicit JournalSegments(const std::string& folder);

  // Whether a segment has this entry.
  [[nodiscard]] bool has(std::uint64_t number) const;
  // The last entry that any has; 0 without any.
  [[nodiscard]] std::uint64_t last() const {
    return firsts_.empty() ? 0 : firsts_.back() + kSegmentEntries - 1;
  }
  // The first entry of each segment, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& firsts() const { return firsts_; }
  // Of the segment that has, or would have, this entry.
  [[nodiscard]] std::string path(std::uint64_t number) const;

  // The bytes of this entry and of those that follow it in its segment. Throws kDamagedJournal with the path
  // and what is wrong.
  [[nodiscard]] std::vector<std::string> read_from(std::uint64_t number) const;
  // Publishes the segment unless another writer has. Throws kResource.
  void write(std::uint64_t first, const std::vector<std::string>& entries) const;

 private:
  std::string folder_;
  std::vector<std::uint64_t> firsts_;
};

}  // namespace millrace
