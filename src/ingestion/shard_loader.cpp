#include "ingestion/shard_loader.hpp"

#include <algorithm>

#include "base/publish.hpp"
#include "ingestion/piece_reader.hpp"
#include "ingestion/row_appender.hpp"
#include "storage/data_shard.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kRecordsToJudgeBy = 1000;

Reject make_reject(const CsvRecord& record, const Problem& problem, const Schema& schema) {
  return {record.line,  record.offset,  problem.column ? schema[*problem.column].name : "",
          problem.kind, problem.reason, printable(record.text, kRejectTextBytes)};
}

// Room for the whole piece, judged by its first records: columns that grow are copied again and again.
void reserve_rows(Table& table, const CsvRange& range, const CsvRecord& record, std::uint64_t records) {
  const double read = static_cast<double>(record.offset - range.begin);
  const double share = static_cast<double>(range.end - range.begin) / std::max(read, 1.0);
  const auto rows = static_cast<std::size_t>(1.05 * share * static_cast<double>(records));
  for (Column& column : table.columns) column.reserve(rows);
}

Digest publish_shard(const DataShard& shard, const SourceFile& source, const ShardPiece& piece,
                     const Workspace& workspace) {
  PendingFile file(workspace.temporary_folder() + "/data-shard");
  write_data_shard(file.temporary_path(), shard,
                   {{"source", source.name},
                    {"source_sha256", source.digest.hex()},
                    {"first_byte", piece.range.begin},
                    {"end_byte", piece.range.end}});
  return workspace.put_object(file);
}

}  // namespace

LoadedShard load_shard(const std::string& path, const SourceFile& source, const ShardPiece& piece,
                       const DataConfig& config, const CsvDialect& dialect, const Layout& layout,
                       const Schema& schema, std::size_t keep_rejects, const Workspace& workspace) {
  LoadedShard loaded;
  loaded.entry.source = piece.source;
  loaded.entry.first_byte = piece.range.begin;
  DataShard shard{make_table(schema), {}};
  RowAppender rows(shard.table, layout.positions(), dialect);
  PieceReader reader(path, source, piece, layout, config, dialect);
  for (CsvRecord record; reader.next(record); ++loaded.entry.records) {
    if (loaded.entry.records == kRecordsToJudgeBy) {
      reserve_rows(shard.table, piece.range, record, kRecordsToJudgeBy);
    }
    auto problem = check_record(record, layout.fields, config.block_bytes);
    if (!problem) problem = rows.append(record.fields);
    if (!problem) {
      shard.records.push_back(loaded.entry.records);
    } else if (loaded.reject_count++ < keep_rejects) {
      loaded.rejects.push_back(make_reject(record, *problem, schema));
    }
  }
  if (loaded.entry.records == 0) return loaded;
  layout.partitions.append_to(shard.table, piece.source);
  loaded.entry.rows = shard.records.size();
  loaded.entry.object = publish_shard(shard, source, piece, workspace);
  for (const Column& column : shard.table.columns) loaded.statistics.emplace_back(column.type).add(column);
  return loaded;
}

}  // namespace millrace
