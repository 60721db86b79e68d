#include "ingestion/shard_builder.hpp"

#include <algorithm>
#include <iterator>

namespace millrace {

namespace {

template <class T>
void append_all(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

ShardBuilder::ShardBuilder(const Schema& schema, std::size_t blocks)
    : shard_{make_table(schema), {}}, blocks_(blocks) {
  for (Column& column : shard_.table.columns) {
    if (column.type == ColumnType::kText) texts_.emplace_back(column);
  }
}

// Room for all blocks, judged by the first one.
void ShardBuilder::reserve(std::size_t rows) {
  const auto all = static_cast<std::size_t>(1.05 * static_cast<double>(rows) * static_cast<double>(blocks_));
  for (Column& column : shard_.table.columns) column.reserve(all);
  shard_.records.reserve(all);
}

void ShardBuilder::append(LoadedBlock&& block, std::size_t keep_rejects) {
  if (record_count_ == 0) reserve(block.table.rows());
  auto texts = texts_.begin();
  for (std::size_t i = 0; i < shard_.table.columns.size(); ++i) {
    Column& column = shard_.table.columns[i];
    const Column& from = block.table.columns[i];
    if (column.type == ColumnType::kText) {
      (texts++)->append(from);
      continue;
    }
    append_all(column.integers, from.integers);
    append_all(column.reals, from.reals);
    append_all(column.valid, from.valid);
  }
  for (const std::uint64_t record : block.records) shard_.records.push_back(record_count_ + record);
  record_count_ += block.record_count;
  reject_counts_ += block.reject_counts;
  const std::size_t kept = std::min(block.rejects.size(), keep_rejects - rejects_.size());
  std::move(block.rejects.begin(), block.rejects.begin() + static_cast<std::ptrdiff_t>(kept),
            std::back_inserter(rejects_));
}

}  // namespace millrace
