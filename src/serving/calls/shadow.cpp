#include "serving/calls/shadow.hpp"

#include <cmath>

namespace millrace {

namespace {

// The candidate's inputs from those of the version that answered; what that one does not have is missing.
void take_columns(const Table& from, Table& to) {
  for (std::size_t c = 0; c < to.columns.size(); ++c) {
    const Field& field = to.schema[c];
    const bool same =
        from.schema.contains(field.name) && from.schema[from.schema.index_of(field.name)].type == field.type;
    if (same) {
      to.columns[c] = from[field.name];
    } else {
      for (std::size_t row = 0; row < from.rows(); ++row) to.columns[c].append_missing();
    }
  }
}

void raise(std::atomic<double>& largest, double value) {
  double known = largest.load(std::memory_order_relaxed);
  while (known < value && !largest.compare_exchange_weak(known, value, std::memory_order_relaxed)) {
  }
}

bool agree(const ServedModel& a, std::span<const float> row_a, const ServedModel& b,
           std::span<const float> row_b) {
  return a.task() == Task::kRegression || a.likeliest_class(row_a) == b.likeliest_class(row_b);
}

// The difference of a row: the largest of its outputs.
double difference(std::span<const float> a, std::span<const float> b) {
  double result = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    result = std::max(result, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return result;
}

void compare(const ServedModel& given, const ScoringMemory& answer, const ServedModel& candidate,
             const ScoringMemory& other, ShadowCounts& counts) {
  const std::size_t width = given.outputs();
  for (std::size_t first = 0; first < answer.predictions.size(); first += width) {
    const auto a = std::span(answer.predictions).subspan(first, width);
    const auto b = std::span(other.predictions).subspan(first, width);
    add(counts.compared);
    if (agree(given, a, candidate, b)) add(counts.agreed);
    const double apart = difference(a, b);
    counts.sum_absolute_difference.fetch_add(apart, std::memory_order_relaxed);
    raise(counts.largest_difference, apart);
  }
}

}  // namespace

void score_beside(const Call& call) {
  const Arm* candidate = call.served->shadow_of(call.bucket);
  ShadowCounts& counts = candidate->metrics->shadow;
  const ServedModel& given = *call.arm->model;
  const ServedModel& other = *candidate->model;
  try {
    if (other.task() != given.task() || other.outputs() != given.outputs()) return add(counts.failed);
    const auto memory = other.lend_memory();
    take_columns((*call.memory)->table, memory->table);
    other.score(*memory);
    candidate->metrics->executed(call.rows());
    compare(given, **call.memory, other, *memory, counts);
  } catch (...) {
    add(counts.failed);
  }
}

}  // namespace millrace
