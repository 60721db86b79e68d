// What was seen of a model's inputs, predictions and target: counted, and compared with the reference later.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "drift/column_counter.hpp"
#include "monitoring/reference.hpp"

namespace millrace {

// An input that is not there, or cannot be compared.
struct AbsentColumn {
  std::string name;
  std::string reason;  // "is not in the source; did you mean 'Tenure'?"
};

struct Observation {
  std::uint64_t rows = 0;
  std::vector<ColumnDistribution> inputs;       // as in the reference, in its order
  std::vector<ColumnDistribution> predictions;  // the same
  std::optional<ColumnDistribution> target;     // where it is known
  std::vector<AbsentColumn> absent;             // by name; the columns are among the inputs, without values
  std::uint64_t rejected = 0;  // records that could not be read, and rows that cannot be scored
};
void to_json(Json& json, const Observation& observation);
void from_json(const Json& json, Observation& observation);

// Counts rows. For one thread; several are merged.
class Observer {
 public:
  // The model must outlive it.
  explicit Observer(const MonitoredModel& model);

  // Rows of the model's inputs, in its order of columns; those where keep[i] != 0 (empty: all).
  void add_inputs(const Table& inputs, const std::vector<std::uint8_t>& keep = {});
  // rows × outputs, as the scorer gives them, of the rows that are kept.
  void add_predictions(std::span<const float> predictions, const std::vector<std::uint8_t>& keep = {});
  // What a log has of each row: the prediction of an only output, or the likeliest class.
  void add_logged(const Column& predictions, const Column& classes);
  void add_target(const Column& target, const std::vector<std::uint8_t>& keep = {});
  void add_rejected(std::uint64_t count) { rejected_ += count; }

  void merge(const Observer& other);
  // Collective: all ranks' together, the same on each. Columns are merged by ranks in turn, so that none of
  // them holds all counters of all ranks.
  [[nodiscard]] Observation all_ranks(const Communicator& comm);

 private:
  [[nodiscard]] std::vector<ColumnCounter*> counters();
  [[nodiscard]] Column output_column(std::span<const float> predictions, std::size_t output) const;
  [[nodiscard]] Column class_column(std::span<const float> predictions) const;
  [[nodiscard]] Observation observation() const;

  const MonitoredModel* model_;
  std::vector<ColumnCounter> inputs_;
  std::vector<ColumnCounter> predictions_;
  ColumnCounter target_;
  bool knows_target_ = false;
  std::uint64_t rejected_ = 0;
};

}  // namespace millrace
