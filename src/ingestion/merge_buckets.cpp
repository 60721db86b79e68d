#include "ingestion/merge_buckets.hpp"

#include <string>

namespace millrace {

namespace {

// Those that rank `owner` merges.
Json owned_counts(const std::vector<BucketCounts*>& counts, std::size_t owner, std::size_t ranks) {
  Json owned = Json::array();
  for (std::size_t i = owner; i < counts.size(); i += ranks) owned.push_back(*counts[i]);
  return owned;
}

// visit(i, counts): each of what a rank told with owned_counts().
template <class Visit>
void visit_told(const std::string& text, std::size_t owner, std::size_t ranks, const BucketCounts& empty,
                Visit&& visit) {
  const Json told = Json::parse(text);
  for (std::size_t k = 0; k < told.size(); ++k) {
    BucketCounts theirs = empty;
    told[k].get_to(theirs);
    visit(k * ranks + owner, theirs);
  }
}

}  // namespace

void merge_over_ranks(const Communicator& comm, const BucketCounts& empty,
                      const std::vector<BucketCounts*>& counts) {
  const auto ranks = static_cast<std::size_t>(comm.size());
  const auto mine = static_cast<std::size_t>(comm.rank());
  if (ranks == 1) return;
  std::vector<std::string> to;
  for (std::size_t r = 0; r < ranks; ++r)
    to.push_back(r == mine ? "[]" : owned_counts(counts, r, ranks).dump());
  for (const std::string& text : comm.all_to_all(to))
    visit_told(text, mine, ranks, empty, [&](std::size_t i, const BucketCounts& c) { counts[i]->merge(c); });
  const std::vector<std::string> told = comm.all_gather(owned_counts(counts, mine, ranks).dump());
  for (std::size_t r = 0; r < ranks; ++r)
    visit_told(told[r], r, ranks, empty, [&](std::size_t i, const BucketCounts& c) { *counts[i] = c; });
}

}  // namespace millrace
