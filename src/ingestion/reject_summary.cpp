#include "ingestion/reject_summary.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/reject_table.hpp"

namespace millrace {

namespace {

constexpr std::size_t kSamplesInError = 3;

// The rejects of this rank that belong into the table: [piece, reject] pairs.
Json table_rows(const std::vector<RejectCounts>& counts,
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
    before += counts[piece].total();
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

// [the CSV table, the HDF5 table], each the digest of an object.
std::string publish_tables(const std::vector<Json>& rejects, const Workspace& workspace) {
  PendingFile hdf5(workspace.temporary_folder() + "/reject-table");
  write_reject_hdf5(hdf5.temporary_path(), rejects);
  return Json{workspace.put_object(reject_csv(rejects)).hex(), workspace.put_object(hdf5).hex()}.dump();
}

double share_of(std::uint64_t count, std::uint64_t records) {
  return static_cast<double>(count) / static_cast<double>(records);
}

// Rejected records that share a limit.
struct Limited {
  std::set<std::string> kinds;
  std::uint64_t count = 0;
  std::string key;  // of the limit
  double share = 0;
};

std::map<std::string, std::optional<double>> limits_of(const RejectLimits& limits) {
  return {{to_string(RejectKind::kCast), limits.cast},
          {to_string(RejectKind::kMissingColumns), limits.missing_columns},
          {to_string(RejectKind::kTooManyColumns), limits.too_many_columns},
          {to_string(RejectKind::kQuote), limits.quote},
          {to_string(RejectKind::kLineSize), limits.line_size},
          {to_string(RejectKind::kEncoding), limits.encoding},
          {to_string(RejectKind::kNul), limits.nul}};
}

// Kinds with a limit of their own, each; then the others together.
std::vector<Limited> limited(const RejectSummary& rejects, const DataConfig& config) {
  const auto limits = limits_of(config.max_rejected);
  std::vector<Limited> all;
  Limited others{{}, 0, "data.max_rejected_share", config.max_rejected_share};
  for (const auto& [kind, count] : rejects.kinds) {
    if (const auto limit = limits.at(kind)) {
      all.push_back({{kind}, count, "data.max_rejected." + kind, *limit});
    } else {
      others.kinds.insert(kind);
      others.count += count;
    }
  }
  all.push_back(others);
  return all;
}

std::set<std::string> kinds_of(const RejectSummary& rejects) {
  std::set<std::string> kinds;
  for (const auto& [kind, count] : rejects.kinds) kinds.insert(kind);
  return kinds;
}

// The first few of them, in words.
std::string first_of(const Limited& some, const RejectSummary& rejects) {
  std::vector<std::string> shown;
  for (const Json& sample : rejects.samples) {
    if (shown.size() < kSamplesInError && some.kinds.contains(sample.at("kind")))
      shown.push_back(describe_reject(sample));
  }
  return (shown.empty() ? "" : ": ") + join(shown, "; ") + (some.count > shown.size() ? "; …" : "");
}

}  // namespace

RejectSummary summarize_rejects(const Communicator& comm, const std::vector<RejectCounts>& counts,
                                const std::map<std::size_t, std::vector<Json>>& mine,
                                const Workspace& workspace) {
  RejectSummary summary;
  RejectCounts all;
  for (const RejectCounts& count : counts) all += count;
  summary.count = all.total();
  if (summary.count == 0) return summary;
  for (std::size_t i = 0; i < kRejectKinds; ++i) {
    if (all.of.at(i) > 0) summary.kinds[to_string(static_cast<RejectKind>(i))] = all.of.at(i);
  }
  const std::vector<Json> rejects = gather_in_source_order(comm, table_rows(counts, mine));
  for (std::size_t i = 0; i < std::min(kRejectSamples, rejects.size()); ++i)
    summary.samples.push_back(rejects[i]);
  std::string tables = comm.agree([&] { return comm.is_root() ? publish_tables(rejects, workspace) : ""; });
  comm.broadcast(tables);
  const Json told = Json::parse(tables);
  summary.table = Digest::from_hex(told.at(0));
  summary.table_hdf5 = Digest::from_hex(told.at(1));
  return summary;
}

void require_few_rejects(const RejectSummary& rejects, std::uint64_t records, const DataConfig& config,
                         const Workspace& workspace) {
  const auto refuse = [&](const Limited& some, const std::string& why) {
    throw Error(
        Topic::kRejectedRecords,
        "{} of {} records ({:.3g} %) were rejected, {}{}; repair the source, declare another type in "
        "data.types, name what means missing in data.missing, or allow more (all rejected records: {})",
        human_count(some.count), human_count(records), 100 * share_of(some.count, records), why,
        first_of(some, rejects), workspace.object_path(rejects.table));
  };
  if (rejects.count == 0) return;
  if (rejects.count == records) refuse({kinds_of(rejects), records, "", 0}, "which leaves no row");
  for (const Limited& some : limited(rejects, config)) {
    if (share_of(some.count, records) > some.share)
      refuse(some, fmt::format("and {} allows {:.3g} %", some.key, some.share * 100));
  }
}

}  // namespace millrace
