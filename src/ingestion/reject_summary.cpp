#include "ingestion/reject_summary.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kSamplesInError = 3;

// The rejects of this rank that belong into the table: [piece, reject] pairs.
Json table_rows(const std::vector<std::uint64_t>& counts,
                const std::map<std::size_t, std::vector<Json>>& mine) {
  Json rows = Json::array();
  std::uint64_t before = 0;
  for (std::size_t piece = 0; piece < counts.size() && before < kRejectTableRows; ++piece) {
    const auto kept = mine.find(piece);
    const std::uint64_t room = kRejectTableRows - before;
    for (std::size_t i = 0; kept != mine.end() && i < std::min<std::uint64_t>(kept->second.size(), room);
         ++i) {
      rows.push_back({piece, kept->second[i]});
    }
    before += counts[piece];
  }
  return rows;
}

std::vector<Json> gather_in_source_order(const Communicator& comm, const Json& rows) {
  std::map<std::size_t, std::vector<Json>> by_piece;
  for (const std::string& part : comm.all_gather(canonical_json(rows))) {
    for (const Json& row : Json::parse(part)) by_piece[row[0]].push_back(row[1]);
  }
  std::vector<Json> all;
  for (const auto& [piece, rejects] : by_piece) all.insert(all.end(), rejects.begin(), rejects.end());
  return all;
}

}  // namespace

RejectSummary summarize_rejects(const Communicator& comm, const std::vector<std::uint64_t>& counts,
                                const std::map<std::size_t, std::vector<Json>>& mine,
                                const Workspace& workspace) {
  RejectSummary summary;
  for (const std::uint64_t count : counts) summary.count += count;
  if (summary.count == 0) return summary;
  const std::vector<Json> rejects = gather_in_source_order(comm, table_rows(counts, mine));
  for (std::size_t i = 0; i < std::min(kRejectSamples, rejects.size()); ++i)
    summary.samples.push_back(rejects[i]);
  const std::string table = reject_table(rejects);
  summary.table = digest_of(table);
  comm.agree([&] {
    if (comm.is_root()) workspace.put_object(table);
  });
  return summary;
}

void require_few_rejects(const RejectSummary& rejects, std::uint64_t records, double max_share,
                         const Workspace& workspace) {
  const double share = static_cast<double>(rejects.count) / static_cast<double>(records);
  if (rejects.count == 0 || (share <= max_share && rejects.count < records)) return;
  std::vector<std::string> samples;
  for (const Json& sample : rejects.samples) {
    if (samples.size() < kSamplesInError) samples.push_back(describe_reject(sample));
  }
  const std::string limit = rejects.count == records
                                ? "which leaves no row"
                                : fmt::format("and data.max_rejected_share allows {:.3g} %", max_share * 100);
  throw Error(
      Topic::kRejectedRecords,
      "{} of {} records ({:.3g} %) were rejected, {}: {}{}; repair the source, declare another type in "
      "data.types, name what means missing in data.missing, or allow more (all rejected records: {})",
      human_count(rejects.count), human_count(records), share * 100, limit, join(samples, "; "),
      rejects.count > samples.size() ? "; …" : "", workspace.object_path(rejects.table));
}

}  // namespace millrace
