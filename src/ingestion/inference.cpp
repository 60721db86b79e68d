#include "ingestion/inference.hpp"

#include <tuple>

#include "base/text.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/piece_reader.hpp"
#include "ingestion/rejects.hpp"
#include "ingestion/row_appender.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

constexpr double kMostlyNumbers = 0.9;
constexpr std::size_t kNoteTextBytes = 60;

// What the values of one column say about its type. Merging is order-free: the first offender is the one that
// comes first in the source.
struct Evidence {
  TypeCandidates candidates;
  std::uint64_t present = 0;
  std::uint64_t no_numbers = 0;
  std::size_t piece = 0;  // of the first value that is no number, with its line and text
  std::uint64_t line = 0;
  std::string text;

  void observe(std::string_view value, std::size_t at_piece, std::uint64_t at_line) {
    ++present;
    candidates.observe(value);
    double number = 0;
    if (candidates.allows(ColumnType::kReal) || parse_real(value, number)) return;
    if (no_numbers++ == 0) {
      std::tie(piece, line) = std::tie(at_piece, at_line);
      text = printable(value, kNoteTextBytes);
    }
  }

  void merge(const Evidence& other) {
    candidates.merge(other.candidates);
    present += other.present;
    if (other.no_numbers > 0 &&
        (no_numbers == 0 || std::tie(other.piece, other.line) < std::tie(piece, line))) {
      std::tie(piece, line, text) = std::tie(other.piece, other.line, other.text);
    }
    no_numbers += other.no_numbers;
  }
};

void to_json(Json& json, const Evidence& e) {
  json = {e.candidates.bits(), e.candidates.seen(), e.present, e.no_numbers, e.piece, e.line, e.text};
}

void from_json(const Json& json, Evidence& e) {
  e = {TypeCandidates::from(json[0], json[1]), json[2], json[3], json[4], json[5], json[6]};
}

void observe_record(const CsvRecord& record, const CsvDialect& dialect, const Layout& layout,
                    std::size_t piece, std::vector<Evidence>& evidence) {
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (layout.columns[i].declared) continue;
    std::string_view value = record.fields[layout.columns[i].position];
    if (is_present(dialect, value)) evidence[i].observe(value, piece, record.line);
  }
}

std::vector<Evidence> merge_over_ranks(const Communicator& comm, const std::vector<Evidence>& mine) {
  std::vector<Evidence> merged(mine.size());
  for (const std::string& part : comm.all_gather(Json(mine).dump())) {
    const auto theirs = Json::parse(part).get<std::vector<Evidence>>();
    for (std::size_t i = 0; i < merged.size(); ++i) merged[i].merge(theirs[i]);
  }
  return merged;
}

std::string note_on(const Evidence& e, ColumnType type, const std::vector<SourceFile>& sources,
                    const std::vector<ShardPiece>& pieces) {
  const auto numbers = static_cast<double>(e.present - e.no_numbers);
  const bool is_mostly_numbers =
      e.no_numbers > 0 && numbers >= kMostlyNumbers * static_cast<double>(e.present);
  if (type != ColumnType::kText || !is_mostly_numbers) return "";
  return fmt::format("'{}' in {} line {} is no number ({} of {} values)", e.text,
                     sources[pieces[e.piece].source].name, e.line, human_count(e.no_numbers),
                     human_count(e.present));
}

}  // namespace

Inference infer_types(const Communicator& comm, const DataConfig& config, const CsvDialect& dialect,
                      const Layout& layout, const std::vector<SourceFile>& sources,
                      const std::vector<std::string>& paths, const std::vector<ShardPiece>& pieces) {
  std::vector<Evidence> mine(layout.columns.size());
  comm.agree([&] {
    for (std::size_t i = 0; i < pieces.size() && !layout.all_declared(); ++i) {
      if (!owns_shard(comm, i)) continue;
      PieceReader reader(paths[pieces[i].source], sources[pieces[i].source], pieces[i], layout, config,
                         dialect);
      CsvRecord record;
      while (reader.next(record)) {
        if (check_record(record, layout.fields, config.block_bytes)) continue;
        observe_record(record, dialect, layout, i, mine);
      }
    }
  });
  const std::vector<Evidence> all = merge_over_ranks(comm, mine);
  Inference inference;
  std::vector<Field> fields;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SourceColumn& column = layout.columns[i];
    fields.push_back({column.name, column.declared.value_or(all[i].candidates.result())});
    inference.notes.push_back(column.declared ? "" : note_on(all[i], fields[i].type, sources, pieces));
  }
  inference.schema = Schema(std::move(fields));
  return inference;
}

}  // namespace millrace
