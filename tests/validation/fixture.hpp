// A dataset in a workspace that all ranks share, made from a table by hand: shards of uneven sizes over two
// source files, with rejected records between the rows.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "comm/communicator.hpp"
#include "statistics/quantiles.hpp"
#include "storage/data_shard.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"
#include "validation/validate.hpp"

namespace millrace::testing {

using namespace testing_support;

inline std::vector<double> present_numbers(const Column& column) {
  std::vector<double> values;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) values.push_back(column.number(row));
  }
  return values;
}

inline ColumnProfile profile_of(const Column& column) {
  ColumnProfile profile;
  profile.statistics = ColumnStatistics(column.type);
  profile.statistics.add(column);
  if (column.type == ColumnType::kText || profile.statistics.present() == 0) return profile;
  std::vector<double> values = present_numbers(column);
  std::sort(values.begin(), values.end());
  for (const double share : kProfileQuantiles) {
    const QuantilePosition at = quantile_position(share, values.size());
    profile.quantiles.push_back((1 - at.weight) * values[at.low] + at.weight * values[at.high]);
  }
  return profile;
}

// After every tenth record comes a rejected one.
inline std::uint64_t record_of(std::size_t row_in_shard) {
  return row_in_shard + row_in_shard / 10;
}

class ShardedTable {
 public:
  explicit ShardedTable(Table rows, std::size_t shard_rows = 37) : table(std::move(rows)) {
    const auto world = Communicator::world();
    std::string root;
    if (world.is_root()) root = folder_.emplace().path();
    world.broadcast(root);
    workspace.emplace(root);
    world.agree([&] { make_dataset(shard_rows, world.is_root()); });
    world.barrier();
  }
  ~ShardedTable() { Communicator::world().barrier(); }  // nobody reads when the folder goes
  ShardedTable(const ShardedTable&) = delete;
  ShardedTable& operator=(const ShardedTable&) = delete;

  // The same on all ranks, and the same as a rank alone finds; checked here for every test.
  [[nodiscard]] Verdict verdict(const ValidationConfig& config, const TargetConfig& target = {},
                                const Reference* reference = nullptr) const {
    Verdict together = validate(Communicator::world(), config, target, dataset, *workspace, reference);
    const Verdict alone = validate(Communicator::self(), config, target, dataset, *workspace, reference);
    if (canonical_json(Json(together)) != canonical_json(Json(alone))) {
      throw internal_error("verdicts differ:\n{}\n{}", pretty_json(Json(together)), pretty_json(Json(alone)));
    }
    return together;
  }

  // What a sample of a row must be.
  [[nodiscard]] Json sample(std::size_t row, const Json& value) const {
    std::size_t shard = 0;
    std::uint64_t records = 0;
    while (row >= dataset.shards[shard].rows) {
      const ShardEntry& entry = dataset.shards[shard++];
      row -= entry.rows;
      records = dataset.shards[shard].source == entry.source ? records + entry.records : 0;
    }
    return {{"file", dataset.sources[dataset.shards[shard].source].name},
            {"record", records + record_of(row) + 1},
            {"value", value}};
  }

  Table table;
  Dataset dataset;
  std::optional<Workspace> workspace;

 private:
  void make_dataset(std::size_t shard_rows, bool write) {
    if (write) workspace->prepare();
    dataset.schema = table.schema;
    dataset.sources = {{"first.csv", 0, {}}, {"second.csv", 0, {}}};
    for (std::size_t first = 0; first < table.rows(); first += shard_rows)
      add_shard(first, shard_rows, write);
    for (const Column& column : table.columns) dataset.profile.push_back(profile_of(column));
    dataset.inference_notes.resize(table.columns.size());
  }

  void add_shard(std::size_t first, std::size_t shard_rows, bool write) {
    DataShard shard;
    std::vector<std::uint8_t> keep(table.rows(), 0);
    const std::size_t last = std::min(first + shard_rows, table.rows());
    std::fill(keep.begin() + first, keep.begin() + last, 1);
    shard.table = select_rows(table, keep);
    for (std::size_t row = first; row < last; ++row) shard.records.push_back(record_of(row - first));
    ShardEntry entry;
    entry.object = digest_of("shard " + std::to_string(first));
    entry.rows = last - first;
    entry.records = record_of(last - first) + 1;
    entry.source = first < table.rows() / 2 ? 0 : 1;
    dataset.shards.push_back(entry);
    if (!write) return;
    PendingFile file(workspace->object_path(entry.object));
    write_data_shard(file.temporary_path(), shard, Json::object());
    file.commit();
  }

  std::optional<TemporaryFolder> folder_;
};

inline ValidationConfig no_rules() {
  ValidationConfig config;
  config.missing.action = Action::kIgnore;
  config.outliers.action = Action::kIgnore;
  config.rows.action = Action::kIgnore;
  config.leakage.action = Action::kIgnore;
  config.reference.dataset = "none";
  config.reference.changes = Action::kIgnore;
  return config;
}

inline Expectation expect(const std::string& column) {
  Expectation expectation;
  expectation.column = {column, {"configs/churn.yaml", 12, 7}};
  return expectation;
}

inline ValidationConfig only(const Expectation& expectation) {
  ValidationConfig config = no_rules();
  config.expect.push_back(expectation);
  return config;
}

}  // namespace millrace::testing
