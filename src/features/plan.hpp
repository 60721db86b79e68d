// The feature plan: how a table's columns become the network's inputs. Fitted from statistics of the training
// rows, serialized into the artifact, and applied by this one implementation in training and in serving.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "storage/feature_shard.hpp"
#include "table/column.hpp"

namespace millrace {

// A number, in this order: missing → impute; clip; log1p (sign-preserving: sign(x)·log1p|x|); (x − mean) /
// deviation.
struct NumericTransform {
  double impute = 0;
  bool indicator = false;  // a further numeric input: 1 where the value was missing
  std::optional<std::pair<double, double>> clip;
  bool log1p = false;
  double mean = 0;  // after the steps above
  double deviation = 1;
};

// Levels in order of frequency, then text. Index 0: missing; 1: rare or unknown; 2 + i: levels[i].
struct Vocabulary {
  std::vector<std::string> levels;
  [[nodiscard]] std::size_t size() const { return levels.size() + 2; }
};

struct OneHot {
  Vocabulary vocabulary;  // size() numeric inputs
};
struct Embedding {
  Vocabulary vocabulary;  // one categorical input
  std::uint32_t dimension = 0;
};
// Quantile bins of a number: one categorical input. Index 0: missing; 1 + i: edges[i-1] <= x < edges[i].
struct Bins {
  std::vector<double> edges;  // inner edges, increasing
  std::uint32_t dimension = 0;
};

// One column and one thing that is done with it; a column may occur several times (a number and its bins).
struct FeatureStep {
  std::string column;
  ColumnType type = ColumnType::kText;  // that the column has in the data
  std::variant<NumericTransform, OneHot, Embedding, Bins> transform;
};

// What the target column becomes.
struct TargetPlan {
  std::string column;
  ColumnType type = ColumnType::kText;
  std::string task;                  // "binary", "multiclass", "regression"
  std::vector<std::string> classes;  // binary: {negative, positive}; multiclass: in order of index
  double mean = 0;                   // regression: the network predicts (y − mean) / deviation
  double deviation = 1;
};

struct FeaturePlan {
  std::vector<FeatureStep> steps;
  TargetPlan target;

  [[nodiscard]] std::vector<std::string> input_columns() const;  // distinct, in order
  [[nodiscard]] Schema input_schema() const;
  [[nodiscard]] std::vector<std::string> numeric_names()
      const;  // one a numeric input: "tenure", "Contract=Two year"
  [[nodiscard]] std::size_t n_numeric() const;
  // (cardinality, dimension) of each categorical input.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> embeddings() const;

  // Fills numeric and categorical of `to` (rows, widths too) from a table that has the input columns with
  // their types. Dictionary-coded text is looked up once a dictionary entry, not once a row.
  void apply(const Table& table, FeatureRows& to) const;
  // The target of each row; rows with a missing or unknown target get keep[i] = 0. Regression values are
  // scaled.
  void apply_target(const Table& table, FeatureRows& to, std::vector<std::uint8_t>& keep) const;
};

void to_json(Json& json, const FeaturePlan& plan);
void from_json(const Json& json, FeaturePlan& plan);

}  // namespace millrace
