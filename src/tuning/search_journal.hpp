// A search on disk: a journal (storage/journal.hpp) from which any process can go on, and on which the groups
// of a job agree about who does what.
//
// Entries: "search" (what the search is: the first), "job" (a job begins to work at it), "claim" (a group of
// the job takes a segment), "result" (a segment is done), "halt" (a group of the job met an error: the others
// stop). Claims count while their job lives: those of a job that was killed hold up nobody. Halts count for
// their own job alone.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "storage/journal.hpp"
#include "tuning/search.hpp"

namespace millrace::tuning {

class SearchJournal {
 public:
  // `job` names this job among all; equal in all its processes.
  SearchJournal(const std::string& folder, std::string job, Search search);

  // The entry that the search was begun with, whose `settings` are these where it begins now. Its digest is
  // that of no other search.
  [[nodiscard]] static JournalEntry begin(const std::string& folder, const Json& settings);

  // Of another job; its claims count while it lives. Unasked, all others are taken for dead.
  using Lives = std::function<bool(const std::string& job)>;
  void respect_jobs(Lives lives) { lives_ = std::move(lives); }

  // Is told of every result that is read from now on, of whatever group.
  using Listener = std::function<void(std::uint32_t trial, const Result& result)>;
  void listen(Listener listener) { listener_ = std::move(listener); }

  // Reads what there is to read. Throws kDamagedJournal where an entry does not follow from those before it.
  void read();
  void begin_job(Json details);
  // A segment for this group, recorded as taken; nothing where all that is ready is taken.
  [[nodiscard]] std::optional<Segment> claim();
  void finish(const Segment& segment, const Result& result);
  void halt(const std::string& why);

  [[nodiscard]] const Search& search() const { return search_; }
  [[nodiscard]] bool is_halted() const { return halted_; }

 private:
  void append(const std::function<std::optional<Json>()>& make);
  void take(const std::vector<JournalEntry>& entries);
  void take(const Json& entry);
  void check(const Json& claim) const;
  [[nodiscard]] bool is_taken(const Segment& segment) const;

  Journal journal_;
  JournalPosition position_;
  std::string job_;
  Search search_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::set<std::string>> claims_;  // (trial, rung) → jobs
  bool halted_ = false;
  Listener listener_;
  Lives lives_;
};

}  // namespace millrace::tuning
