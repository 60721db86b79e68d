#include "validation/leakage.hpp"

#include <algorithm>
#include <cstring>

#include "base/digest.hpp"
#include "ingestion/ingest.hpp"
#include "statistics/quantiles.hpp"
#include "storage/data_shard.hpp"
#include "table/format.hpp"
#include "validation/predictive_power.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kMostRows = 65536;
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 24U;
// Of fewer rows a column may give the target by chance: one of two values in 50 rows once in 2^49 columns.
constexpr std::uint64_t kFewestRows = 50;

// The key of a row's value, for predictive_power().
class ValueKeys {
 public:
  explicit ValueKeys(const Column& column) : column_(&column) {
    for (const std::string_view text : column.dictionary)
      by_code_.push_back(std::max<std::uint64_t>(1, xxh3(text)));
  }
  [[nodiscard]] std::uint64_t operator()(std::size_t row) const {
    if (!column_->is_valid(row)) return kMissingKey;
    if (column_->type == ColumnType::kText) return by_code_[static_cast<std::size_t>(column_->codes[row])];
    return order_key(column_->number(row));
  }

 private:
  const Column* column_;
  std::vector<std::uint64_t> by_code_;
};

TargetKind kind_of(const TargetConfig& target, ColumnType type) {
  const bool classes = type == ColumnType::kText || !target.positive.empty() || target.task == "binary" ||
                       target.task == "multiclass";
  return classes ? TargetKind::kClass : TargetKind::kNumber;
}

// A class is known by 53 bits of its key's hash: two of them meet less often than once in 10^12.
double target_value(const TargetConfig& target, TargetKind kind, const Column& column, std::size_t row,
                    const ValueKeys& keys) {
  if (kind == TargetKind::kNumber) return column.number(row);
  if (target.positive.empty()) return static_cast<double>(keys(row) >> 11U);
  return std::ranges::find(target.positive, format_value(column, row)) == target.positive.end() ? 0 : 1;
}

class LeakageSearch {
 public:
  LeakageSearch(const Communicator& comm, const TargetConfig& target, const Dataset& dataset,
                const Workspace& workspace)
      : comm_(comm),
        target_(target),
        dataset_(dataset),
        workspace_(workspace),
        kind_(kind_of(target, dataset.schema[dataset.schema.index_of(target.column.text)].type)),
        keys_(dataset.schema.size()) {}

  // The power of each column of the schema; empty where there are too few rows.
  std::vector<double> powers() {
    comm_.agree([&] { take_rows(); });
    targets_ = joined<double>(comm_.all_gather(as_bytes_view(std::span<const double>(my_targets_))));
    if (targets_.size() < kFewestRows) return {};
    std::vector<double> powers(dataset_.schema.size(), 0);
    const auto ranks = static_cast<std::size_t>(comm_.size());
    for (std::size_t first = 0; first < powers.size(); first += ranks) judge_round(first, powers);
    comm_.all_reduce(std::span(powers), Reduce::kSum);  // of one rank's figure and zeros
    return powers;
  }

  [[nodiscard]] std::uint64_t rows() const { return targets_.size(); }

 private:
  // Every stride-th row of the dataset that has a target.
  void take_rows() {
    const std::uint64_t most =
        std::max<std::uint64_t>(kFewestRows, std::min(kMostRows, kMostValues / dataset_.schema.size()));
    const std::uint64_t stride = std::max<std::uint64_t>(1, (dataset_.rows() + most - 1) / most);
    std::uint64_t first_row = 0;
    for (std::size_t shard = 0; shard < dataset_.shards.size(); ++shard) {
      if (owns_shard(comm_, shard)) {
        take_shard(read_data_shard(workspace_.object_path(dataset_.shards[shard].object)).table,
                   (stride - first_row % stride) % stride, stride);
      }
      first_row += dataset_.shards[shard].rows;
    }
  }

  void take_shard(const Table& table, std::size_t first, std::size_t stride) {
    const Column& target = table[target_.column.text];
    const ValueKeys target_keys(target);
    std::vector<std::size_t> rows;
    for (std::size_t row = first; row < table.rows(); row += stride) {
      if (!target.is_valid(row)) continue;
      rows.push_back(row);
      my_targets_.push_back(target_value(target_, kind_, target, row, target_keys));
    }
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const ValueKeys keys(table.columns[i]);
      for (const std::size_t row : rows) keys_[i].push_back(keys(row));
    }
  }

  // A column for each rank, whose values all send there.
  void judge_round(std::size_t first, std::vector<double>& powers) {
    const auto ranks = static_cast<std::size_t>(comm_.size());
    std::vector<std::string> to(ranks);
    for (std::size_t r = 0; r < ranks && first + r < keys_.size(); ++r) {
      to[r] = as_bytes_view(std::span<const std::uint64_t>(keys_[first + r]));
      keys_[first + r] = {};
    }
    const auto keys = joined<std::uint64_t>(comm_.all_to_all(to));
    const std::size_t mine = first + static_cast<std::size_t>(comm_.rank());
    if (mine < powers.size()) powers[mine] = power(keys, dataset_.schema[mine].type);
  }

  [[nodiscard]] double power(const std::vector<std::uint64_t>& keys, ColumnType type) const {
    std::vector<Observation> rows;
    for (std::size_t i = 0; i < keys.size(); ++i) rows.push_back({keys[i], targets_[i]});
    return predictive_power(std::move(rows), is_numeric(type) ? KeyOrder::kNumbers : KeyOrder::kNone, kind_);
  }

  // What the ranks sent, in the order of the ranks.
  template <class T>
  static std::vector<T> joined(const std::vector<std::string>& parts) {
    std::vector<T> values;
    for (const std::string& bytes : parts) {
      const std::size_t before = values.size();
      values.resize(before + bytes.size() / sizeof(T));
      if (!bytes.empty()) std::memcpy(values.data() + before, bytes.data(), bytes.size());
    }
    return values;
  }

  const Communicator& comm_;
  const TargetConfig& target_;
  const Dataset& dataset_;
  const Workspace& workspace_;
  TargetKind kind_;
  std::vector<double> my_targets_;
  std::vector<double> targets_;
  std::vector<std::vector<std::uint64_t>> keys_;  // of this rank's rows, for each column
};

CheckResult result_of(const LeakageRule& rule, const std::string& column, double power, std::uint64_t rows) {
  CheckResult result;
  result.check = "leakage";
  result.column = column;
  result.expected = fmt::format("explains <= {} of the target", rule.max_power);
  result.observed = fmt::format("{:.4f}", power);
  result.passed = power <= rule.max_power;
  result.action = rule.action;
  result.rows = rows;
  return result;
}

}  // namespace

std::vector<CheckResult> check_leakage(const Communicator& comm, const LeakageRule& rule,
                                       const TargetConfig& target, const Dataset& dataset,
                                       const Workspace& workspace) {
  std::vector<CheckResult> results;
  if (rule.action == Action::kIgnore || !dataset.schema.contains(target.column.text)) return results;
  LeakageSearch search(comm, target, dataset, workspace);
  const std::vector<double> powers = search.powers();
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const std::string& column = dataset.schema[i].name;
    if (column != target.column.text) results.push_back(result_of(rule, column, powers[i], search.rows()));
  }
  return results;
}

}  // namespace millrace
