// Inside monitoring/: a source's columns as a model's inputs, whatever has become of them.
#pragma once

#include <optional>
#include <vector>

#include "monitoring/observation.hpp"

namespace millrace {

class TypedColumns {
 public:
  // `found`: the source's columns, with the types that a look found.
  TypedColumns(const MonitoredModel& model, const Schema& found);

  // The inputs that the source has, and the target if it does: with the model's types, but as text where some
  // value cannot be of that type.
  [[nodiscard]] const Schema& to_read() const { return to_read_; }
  [[nodiscard]] const std::vector<AbsentColumn>& absent() const { return absent_; }

  // Of a table of to_read(), all inputs in the model's order. What is absent, or cannot be of its type, is
  // missing.
  [[nodiscard]] Table inputs_of(const Table& read) const;
  [[nodiscard]] std::optional<Column> target_of(const Table& read) const;

 private:
  void add(const ColumnDistribution& column, const Schema& found);
  [[nodiscard]] Column typed(const Table& read, const ColumnDistribution& column) const;

  const MonitoredModel* model_;
  Schema to_read_;
  std::vector<AbsentColumn> absent_;
};

}  // namespace millrace
