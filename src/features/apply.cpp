#include <algorithm>
#include <cmath>
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

struct Rows {
  std::size_t first, last;
};

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

std::size_t input_position(const Schema& schema, const std::string& name, ColumnType type) {
  if (!schema.contains(name)) {
    throw Error(Topic::kMissingColumn, "the model needs the column '{}' ({}), which the data lacks{}", name,
                to_string(type), suggestion(name, schema.names()));
  }
  const std::size_t position = schema.index_of(name);
  if (schema[position].type != type) {
    throw Error(Topic::kChangedType, "the column '{}' is {} here, but the model was trained with {}", name,
                to_string(schema[position].type), to_string(type));
  }
  return position;
}

// A double beyond the finite floats would become infinite, and every output after it NaN.
float to_finite_float(double value) {
  constexpr double kLimit = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -kLimit, kLimit));
}

float scaled(double value, double mean, double deviation) {
  return to_finite_float((value - mean) / deviation);
}

void write(const NumericTransform& transform, const Column& column, const Destination& to, Rows rows) {
  const auto convert = [&transform](std::optional<double> value) {
    return scaled(transform_before_scaling(transform, value), transform.mean, transform.deviation);
  };
  const float imputed = convert({});
  for (std::size_t row = rows.first; row < rows.last; ++row) {
    const bool valid = column.is_valid(row);
    float* const value = to.numeric.row(row);
    value[0] = valid ? convert(column.number(row)) : imputed;
    if (transform.indicator) value[1] = valid ? 0.0F : 1.0F;
  }
}

void write(const Bins& transform, const Column& column, const Destination& to, Rows rows) {
  const auto& edges = transform.edges;
  for (std::size_t row = rows.first; row < rows.last; ++row) {
    const auto bin = [&] {
      return std::upper_bound(edges.begin(), edges.end(), column.number(row)) - edges.begin();
    };
    *to.categorical.row(row) = column.is_valid(row) ? static_cast<std::int32_t>(1 + bin()) : 0;
  }
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

// `index` gives a row's index in the vocabulary.
template <class Index>
void write(const OneHot& transform, Index& index, const Destination& to, Rows rows) {
  for (std::size_t row = rows.first; row < rows.last; ++row) {
    float* const values = to.numeric.row(row);
    std::fill_n(values, transform.width(), 0.0F);
    if (const auto slot = one_hot_slot(transform, index(row))) values[*slot] = 1.0F;
  }
}

template <class Index>
void write(const Embedding&, Index& index, const Destination& to, Rows rows) {
  for (std::size_t row = rows.first; row < rows.last; ++row) *to.categorical.row(row) = index(row);
}

const Vocabulary* vocabulary_of(const FeatureStep& step) {
  if (const auto* one_hot = std::get_if<OneHot>(&step.transform)) return &one_hot->vocabulary;
  if (const auto* embedding = std::get_if<Embedding>(&step.transform)) return &embedding->vocabulary;
  return nullptr;
}

template <class Index>
void write_step(const FeatureStep& step, const Column& column, Index index, const Destination& to,
                Rows rows) {
  std::visit(
      [&](const auto& transform) {
        if constexpr (requires { transform.vocabulary; }) {
          write(transform, index, to, rows);
        } else {
          write(transform, column, to, rows);
        }
      },
      step.transform);
}

// `index(step, column)` gives the index function of a step's column.
template <class IndexOf>
void write_rows(const std::vector<FeatureStep>& steps, const Table& table, const InputPositions& positions,
                FeatureRows& to, Rows rows, IndexOf index) {
  Destination destination{{to.numeric.data(), to.n_numeric}, {to.categorical.data(), to.n_categorical}};
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const Column& column = table.columns[positions[s]];
    write_step(steps[s], column, index(s, column), destination, rows);
    destination.numeric.first += steps[s].numeric_width();
    destination.categorical.first += steps[s].categorical_width();
  }
}

// Few rows, as requests have them: nothing is remembered of them, and so nothing allocated.
void write_few(const std::vector<FeatureStep>& steps, const Table& table, const InputPositions& positions,
               FeatureRows& to) {
  write_rows(steps, table, positions, to, {0, to.rows}, [&](std::size_t s, const Column& column) {
    return [&column, vocabulary = vocabulary_of(steps[s])](std::size_t row) {
      return level_of(column, row, *vocabulary);
    };
  });
}

void write_many(const std::vector<FeatureStep>& steps, const Table& table, const InputPositions& positions,
                FeatureRows& to) {
  std::vector<std::optional<LevelIndex>> indices(steps.size());
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (const Vocabulary* vocabulary = vocabulary_of(steps[s]))
      indices[s].emplace(table.columns[positions[s]], *vocabulary);
  }
  for (std::size_t first = 0; first < to.rows; first += kBlockRows) {
    write_rows(steps, table, positions, to, {first, std::min(first + kBlockRows, to.rows)},
               [&](std::size_t s, const Column&) {
                 return [index = &indices[s]](std::size_t row) { return (**index)(row); };
               });
  }
}

}  // namespace

double transform_before_scaling(const NumericTransform& transform, std::optional<double> value) {
  double x = value.value_or(transform.impute);
  if (transform.clip) x = std::clamp(x, transform.clip->first, transform.clip->second);
  if (transform.log1p) x = std::copysign(std::log1p(std::abs(x)), x);
  return x;
}

InputPositions FeaturePlan::positions_in(const Schema& schema) const {
  InputPositions positions;
  for (const FeatureStep& step : steps) {
    positions.push_back(input_position(schema, step.column, step.type));
  }
  return positions;
}

void FeaturePlan::apply(const Table& table, FeatureRows& to) const {
  apply(table, positions_in(table.schema), to);
}

void FeaturePlan::apply(const Table& table, const InputPositions& positions, FeatureRows& to) const {
  to.rows = table.rows();
  to.n_numeric = n_numeric();
  to.n_categorical = n_categorical();
  to.numeric.resize(to.rows * to.n_numeric);
  to.categorical.resize(to.rows * to.n_categorical);
  if (to.rows == 0) return;  // an empty matrix has no address to count from
  to.rows <= kBlockRows ? write_few(steps, table, positions, to) : write_many(steps, table, positions, to);
}

void FeaturePlan::apply_target(const Table& table, FeatureRows& to, std::vector<std::uint8_t>& keep) const {
  const Column& column = table.columns[input_position(table.schema, target.column, target.type)];
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
