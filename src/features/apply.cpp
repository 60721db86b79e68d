#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "features/fit.hpp"
#include "features/level_index.hpp"

namespace millrace {

namespace {

// Rows are filled in blocks, so that a block of the row-major matrix stays in the cache while the columns
// pass.
constexpr std::size_t kBlockRows = 256;

// Fills rows [first, last) of the inputs that one step owns.
using RowWriter = std::function<void(std::size_t first, std::size_t last)>;

// The inputs of one step within a row-major matrix.
template <class T>
struct Inputs {
  T* first;
  std::size_t stride;
  T* row(std::size_t i) const { return first + i * stride; }
};
struct Destination {
  Inputs<float> numeric;
  Inputs<std::int32_t> categorical;
};

const Column& input_column(const Table& table, const std::string& name, ColumnType type) {
  if (!table.schema.contains(name)) {
    throw Error(Topic::kMissingColumn, "the model needs the column '{}' ({}), which the data lacks{}", name,
                to_string(type), suggestion(name, table.schema.names()));
  }
  const Column& column = table[name];
  if (column.type != type) {
    throw Error(Topic::kChangedType, "the column '{}' is {} here, but the model was trained with {}", name,
                to_string(column.type), to_string(type));
  }
  return column;
}

// A double beyond the finite floats would become infinite, and every output after it NaN.
float to_finite_float(double value) {
  constexpr double kLimit = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -kLimit, kLimit));
}

float scaled(double value, double mean, double deviation) {
  return to_finite_float((value - mean) / deviation);
}

RowWriter writer(const NumericTransform& transform, const Column& column, const Destination& to) {
  const auto convert = [&transform](std::optional<double> value) {
    return scaled(transform_before_scaling(transform, value), transform.mean, transform.deviation);
  };
  return [&transform, &column, inputs = to.numeric, convert, imputed = convert({})](std::size_t first,
                                                                                    std::size_t last) {
    for (std::size_t row = first; row < last; ++row) {
      const bool valid = column.is_valid(row);
      float* const value = inputs.row(row);
      value[0] = valid ? convert(column.number(row)) : imputed;
      if (transform.indicator) value[1] = valid ? 0.0F : 1.0F;
    }
  };
}

// Where among the inputs of a one-hot step an index of its vocabulary is; nothing for one that training never
// saw.
std::optional<std::size_t> one_hot_slot(const OneHot& transform, std::int32_t index) {
  const std::size_t rare = transform.missing_input ? 1 : 0;
  if (index == Vocabulary::kMissing)
    return transform.missing_input ? std::optional(std::size_t{0}) : std::nullopt;
  if (index == Vocabulary::kRare) return transform.rare_input ? std::optional(rare) : std::nullopt;
  const std::size_t first_level = rare + (transform.rare_input ? 1 : 0);
  return first_level + static_cast<std::size_t>(index - Vocabulary::kFirstLevel);
}

RowWriter writer(const OneHot& transform, const Column& column, const Destination& to) {
  return [&transform, inputs = to.numeric, index = LevelIndex(column, transform.vocabulary)](
             std::size_t first, std::size_t last) mutable {
    for (std::size_t row = first; row < last; ++row) {
      float* const values = inputs.row(row);
      std::fill_n(values, transform.width(), 0.0F);
      if (const auto slot = one_hot_slot(transform, index(row))) values[*slot] = 1.0F;
    }
  };
}

RowWriter writer(const Embedding& transform, const Column& column, const Destination& to) {
  return [inputs = to.categorical, index = LevelIndex(column, transform.vocabulary)](
             std::size_t first, std::size_t last) mutable {
    for (std::size_t row = first; row < last; ++row) *inputs.row(row) = index(row);
  };
}

RowWriter writer(const Bins& transform, const Column& column, const Destination& to) {
  return [&edges = transform.edges, &column, inputs = to.categorical](std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row) {
      const auto bin = [&] {
        return std::upper_bound(edges.begin(), edges.end(), column.number(row)) - edges.begin();
      };
      *inputs.row(row) = column.is_valid(row) ? static_cast<std::int32_t>(1 + bin()) : 0;
    }
  };
}

}  // namespace

double transform_before_scaling(const NumericTransform& transform, std::optional<double> value) {
  double x = value.value_or(transform.impute);
  if (transform.clip) x = std::clamp(x, transform.clip->first, transform.clip->second);
  if (transform.log1p) x = std::copysign(std::log1p(std::abs(x)), x);
  return x;
}

void FeaturePlan::apply(const Table& table, FeatureRows& to) const {
  to.rows = table.rows();
  to.n_numeric = n_numeric();
  to.n_categorical = embeddings().size();
  to.numeric.resize(to.rows * to.n_numeric);
  to.categorical.resize(to.rows * to.n_categorical);

  Destination destination{{to.numeric.data(), to.n_numeric}, {to.categorical.data(), to.n_categorical}};
  std::vector<RowWriter> writers;
  for (const FeatureStep& step : steps) {
    const Column& column = input_column(table, step.column, step.type);
    if (to.rows == 0) continue;  // an empty matrix has no address to count from
    writers.push_back(std::visit(
        [&](const auto& transform) { return writer(transform, column, destination); }, step.transform));
    destination.numeric.first += step.numeric_width();
    destination.categorical.first += step.categorical_width();
  }
  for (std::size_t first = 0; first < to.rows; first += kBlockRows) {
    for (const RowWriter& write : writers) write(first, std::min(first + kBlockRows, to.rows));
  }
}

void FeaturePlan::apply_target(const Table& table, FeatureRows& to, std::vector<std::uint8_t>& keep) const {
  const Column& column = input_column(table, target.column, target.type);
  to.rows = table.rows();
  to.target.assign(to.rows, 0.0F);
  if (keep.empty()) keep.assign(to.rows, 1);
  const bool is_class = target.task != "regression";
  const bool against_rest = !target.positive.empty();
  const Vocabulary classes(against_rest ? target.positive : target.classes);
  LevelIndex index(column, classes);
  for (std::size_t row = 0; row < to.rows; ++row) {
    if (!column.is_valid(row)) {
      keep[row] = 0;
    } else if (!is_class) {
      to.target[row] = scaled(column.number(row), target.mean, target.deviation);
    } else {
      const std::int32_t found = index(row) - Vocabulary::kFirstLevel;
      if (found >= 0) to.target[row] = against_rest ? 1.0F : static_cast<float>(found);
      if (found < 0 && !against_rest) keep[row] = 0;
    }
  }
}

}  // namespace millrace
