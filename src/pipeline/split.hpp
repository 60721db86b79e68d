// Which part of the data a row belongs to: a function of the row's own values and its row_index, so that
// every rank (and every later run) answers the same.
//
// An expression takes the rows for which it is true. A share takes rows by a hash of row_index, or of the key
// column (rows with one key stay together), or the latest rows where a time column is given. Test is decided
// first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "expression/expression.hpp"
#include "pipeline/dataset_reader.hpp"
#include "pipeline/row_window.hpp"

namespace millrace {

enum class Part : std::uint8_t { kTrain, kValidation, kTest, kLeftOut };  // left out: data.filter is not true

class RowSplit {
 public:
  // Collective: the borders of a split by time are exact quantiles over all ranks' rows.
  // Outside of a `window` no row is test, and of the others only the share replay counts.
  RowSplit(const Communicator& comm, const DataConfig& config, const DatasetReader& reader,
           std::optional<RowWindow> window = {});

  // Columns that assign() looks at.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  // One part a row of shard data that has these columns.
  [[nodiscard]] std::vector<Part> assign(const DataShard& data,
                                         const std::vector<std::uint64_t>& row_indices) const;

 private:
  struct Rule {
    double share = 0;
    std::optional<Expression> expression;
    double after = 0;  // split by time: rows later than this
  };
  Rule make_rule(const SplitPart& part, const Schema& schema);
  void use_column(const std::string& name, const Schema& schema);
  void find_time_borders(const Communicator& comm, const DatasetReader& reader);
  [[nodiscard]] std::vector<std::uint8_t> in_part(const Rule& rule, std::uint64_t salt, const DataShard& data,
                                                  const std::vector<std::uint64_t>& row_indices) const;
  void leave_out_old(const std::vector<std::uint64_t>& row_indices, std::vector<Part>& parts) const;
  [[nodiscard]] std::vector<std::uint8_t> kept(const DataShard& data,
                                               const std::vector<std::uint64_t>& row_indices) const;

  std::string key_;
  std::string time_;
  std::optional<Expression> filter_;
  Rule test_;
  Rule validation_;
  std::vector<std::string> columns_;
  std::optional<RowWindow> window_;
};

}  // namespace millrace
