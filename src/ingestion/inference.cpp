#include "ingestion/inference.hpp"

#include "ingestion/evidence.hpp"
#include "ingestion/ingest.hpp"
#include "ingestion/piece_reader.hpp"
#include "ingestion/rejects.hpp"
#include "ingestion/row_appender.hpp"

namespace millrace {

namespace {

void observe_record(const CsvRecord& record, const CsvDialect& dialect, const Layout& layout,
                    std::size_t piece, std::vector<Evidence>& evidence) {
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    if (layout.columns[i].declared) continue;
    std::string_view value = record.fields[layout.columns[i].position];
    if (is_present(dialect, value)) evidence[i].observe(value, {piece, record.line});
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
