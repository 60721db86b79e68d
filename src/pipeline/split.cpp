#include "pipeline/split.hpp"

#include <algorithm>
#include <limits>

#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/topics.hpp"
#include "ingestion/profile.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

// Drawn independently: each has a hash of its own.
constexpr std::uint64_t kTestSalt = 1;
constexpr std::uint64_t kValidationSalt = 2;
constexpr std::uint64_t kReplaySalt = 3;

std::optional<Expression> compile_condition(const std::optional<SourceText>& source, const Schema& schema) {
  if (!source) return std::nullopt;
  auto expression = Expression::compile(*source, schema);
  expression.require_boolean();
  return expression;
}

double unit_hash(const Column* key, std::size_t row, std::uint64_t row_index, std::uint64_t salt) {
  if (key == nullptr) return to_unit_double(derive_key({row_index, salt}));
  return to_unit_double(xxh3(format_value(*key, row), salt));
}

}  // namespace

RowSplit::RowSplit(const Communicator& comm, const DataConfig& config, const DatasetReader& reader,
                   std::optional<RowWindow> window)
    : key_(config.split.key), time_(config.split.time), window_(std::move(window)) {
  const Schema& schema = reader.dataset().schema;
  filter_ = compile_condition(config.filter, schema);
  if (filter_) {
    for (const std::string& name : filter_->columns()) use_column(name, schema);
  }
  test_ = make_rule(config.split.test, schema);
  validation_ = make_rule(config.split.validation, schema);
  if (!key_.empty()) use_column(key_, schema);
  if (!time_.empty()) {
    use_column(time_, schema);
    if (!is_numeric(schema[schema.index_of(time_)].type)) {
      throw Error(Topic::kColumnType,
                  "data.split.time: column '{}' is text; a date, a timestamp or a number is needed", time_);
    }
    find_time_borders(comm, reader);
  }
}

RowSplit::Rule RowSplit::make_rule(const SplitPart& part, const Schema& schema) {
  Rule rule{part.share, compile_condition(part.expression, schema), std::numeric_limits<double>::infinity()};
  if (rule.expression) {
    for (const std::string& name : rule.expression->columns()) use_column(name, schema);
  }
  return rule;
}

void RowSplit::use_column(const std::string& name, const Schema& schema) {
  (void)schema.index_of(name);  // an unknown column is the user's mistake: say so now
  if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) columns_.push_back(name);
}

// The latest `test` share of the rows is test; of the rest, the latest `validation` share is validation.
void RowSplit::find_time_borders(const Communicator& comm, const DatasetReader& reader) {
  const double test_from = 1 - test_.share;
  const double validation_from = test_from * (1 - validation_.share);
  const auto quantiles = column_quantiles(
      comm, reader.shards(), {{time_, {test_from, validation_from}}},
      [&](std::size_t shard) { return reader.read(shard, columns_); },
      [&](std::size_t shard, const DataShard& data) { return kept(data, reader.row_indices(shard, data)); });
  const auto found = quantiles.find(time_);
  if (found == quantiles.end()) throw data_error("data.split.time: column '{}' has no values", time_);
  test_.after = found->second.at(test_from);
  validation_.after = found->second.at(validation_from);
}

std::vector<std::uint8_t> RowSplit::kept(const DataShard& data,
                                         const std::vector<std::uint64_t>& row_indices) const {
  if (!filter_) return std::vector<std::uint8_t>(row_indices.size(), 1);
  return filter_->matches(data.table, row_indices);
}

std::vector<std::uint8_t> RowSplit::in_part(const Rule& rule, std::uint64_t salt, const DataShard& data,
                                            const std::vector<std::uint64_t>& row_indices) const {
  if (rule.expression) return rule.expression->matches(data.table, row_indices);
  std::vector<std::uint8_t> inside(row_indices.size(), 0);
  const Column* time = time_.empty() ? nullptr : &data.table[time_];
  const Column* key = key_.empty() ? nullptr : &data.table[key_];
  for (std::size_t row = 0; row < inside.size(); ++row) {
    inside[row] = time != nullptr ? time->is_valid(row) && time->number(row) > rule.after
                                  : unit_hash(key, row, row_indices[row], salt) < rule.share;
  }
  return inside;
}

std::vector<Part> RowSplit::assign(const DataShard& data,
                                   const std::vector<std::uint64_t>& row_indices) const {
  const auto keep = kept(data, row_indices);
  const auto test = in_part(test_, kTestSalt, data, row_indices);
  const auto validation = in_part(validation_, kValidationSalt, data, row_indices);
  std::vector<Part> parts(row_indices.size(), Part::kTrain);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (validation[row] != 0) parts[row] = Part::kValidation;
    if (test[row] != 0) parts[row] = Part::kTest;
    if (keep[row] == 0) parts[row] = Part::kLeftOut;
  }
  if (window_) leave_out_old(row_indices, parts);
  return parts;
}

void RowSplit::leave_out_old(const std::vector<std::uint64_t>& row_indices, std::vector<Part>& parts) const {
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (window_->contains(row_indices[row])) continue;
    const bool again = unit_hash(nullptr, row, row_indices[row], kReplaySalt) < window_->replay;
    if (parts[row] == Part::kTest || !again) parts[row] = Part::kLeftOut;
  }
}

}  // namespace millrace
