#include "ingestion/block_loader.hpp"

#include <algorithm>

#include "ingestion/batch_parser.hpp"
#include "ingestion/block_evidence.hpp"

namespace millrace {

namespace {

Reject make_reject(const CsvBatch& batch, const RecordProblem& found, LineCursor& lines,
                   const Schema& schema) {
  const RecordPlace& place = batch.records[found.record];
  const Problem& problem = found.problem;
  return {lines.line_of(place),
          batch.offset + place.begin,
          problem.column ? schema[*problem.column].name : "",
          problem.kind,
          problem.reason,
          printable(batch.text_of(place), kRejectTextBytes)};
}

void keep_rejects_of(const CsvBatch& batch, const std::vector<RecordProblem>& problems, const Schema& schema,
                     std::size_t most, LoadedBlock& loaded) {
  LineCursor lines(batch);
  for (const RecordProblem& problem : problems) {
    if (loaded.rejects.size() == most) return;
    loaded.rejects.push_back(make_reject(batch, problem, lines, schema));
  }
}

// Room for the whole block, judged by its first batch: columns that grow are copied again and again.
void reserve_rows(LoadedBlock& loaded, const CsvRange& block, const CsvBatch& batch) {
  const double share = static_cast<double>(block.end - block.begin) /
                       static_cast<double>(std::max<std::size_t>(batch.size, 1));
  const auto rows = static_cast<std::size_t>(1.05 * share * static_cast<double>(batch.records.size()));
  for (Column& column : loaded.table.columns) column.reserve(rows);
  loaded.records.reserve(rows);
}

}  // namespace

LoadedBlock load_block(const ReadableFile& file, const CsvRange& block, std::size_t source,
                       std::uint64_t header_offset, const DataConfig& config, const CsvDialect& dialect,
                       const Layout& layout, const Schema& schema, std::size_t keep_rejects) {
  LoadedBlock loaded{make_table(schema), {}, 0, {}, {}, {}};
  BatchParser parser(loaded.table, layout.positions(), layout.fields, config.block_bytes, dialect);
  BlockEvidence evidence(layout, dialect, config.block_bytes, source);
  BlockReader reader(file, block, header_offset, config, dialect);
  for (CsvBatch batch; reader.next(batch); loaded.record_count += batch.records.size()) {
    if (loaded.record_count == 0) reserve_rows(loaded, block, batch);
    parser.append(batch);
    parser.all_parsed() ? evidence.observe_parsed(batch, parser, loaded.table) : evidence.observe(batch);
    for (const std::uint32_t row : parser.rows()) loaded.records.push_back(loaded.record_count + row);
    for (const RecordProblem& found : parser.problems()) loaded.reject_counts.add(found.problem.kind);
    keep_rejects_of(batch, parser.problems(), schema, keep_rejects, loaded);
  }
  loaded.evidence = evidence.take();
  return loaded;
}

}  // namespace millrace
