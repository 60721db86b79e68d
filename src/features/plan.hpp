// The feature plan: how a table's columns become the network's inputs. Fitted from statistics of the training
// rows, serialized into the artifact, and applied by this one implementation in training and in serving.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "storage/feature_shard.hpp"
#include "table/column.hpp"

namespace millrace {

// A number, in this order: missing → impute; clip; log1p (sign-preserving: sign(x)·log1p|x|); (x − mean) /
// deviation; then the nearest float, held within the finite ones.
struct NumericTransform {
  double impute = 0;
  bool indicator = false;  // a further numeric input: 1 where the value was missing
  std::optional<std::pair<double, double>> clip;
  bool log1p = false;
  double mean = 0;  // after the steps above
  double deviation = 1;
};

// The levels of a category in order of frequency, then text; compared by canonical text (format_value), so
// that integers and dates can be categories too. Index 0: missing; 1: rare or unknown; 2 + i: levels()[i].
class Vocabulary {
 public:
  static constexpr std::int32_t kMissing = 0;
  static constexpr std::int32_t kRare = 1;
  static constexpr std::int32_t kFirstLevel = 2;

  Vocabulary() = default;
  explicit Vocabulary(std::vector<std::string> levels);

  [[nodiscard]] const std::vector<std::string>& levels() const { return levels_; }
  [[nodiscard]] std::size_t size() const { return levels_.size() + kFirstLevel; }
  [[nodiscard]] std::int32_t index_of(std::string_view present_value) const;

 private:
  std::vector<std::string> levels_;
  std::vector<std::int32_t> by_text_;  // positions in levels_, sorted by text
};

// One numeric input a level, and one each for "missing" and "rare or unknown" where training rows had such
// values. An index that training never saw gives zeros everywhere: the network has learned nothing about it.
struct OneHot {
  Vocabulary vocabulary;
  bool missing_input = false;
  bool rare_input = false;
  [[nodiscard]] std::size_t width() const { return vocabulary.levels().size() + missing_input + rare_input; }
};
struct Embedding {
  Vocabulary vocabulary;  // one categorical input of cardinality vocabulary.size()
  std::uint32_t dimension = 0;
};
// Quantile bins of a number: one categorical input of cardinality edges.size() + 2. Index 0: missing; 1 + i:
// edges[i-1] <= x < edges[i].
struct Bins {
  std::vector<double> edges;  // inner edges, increasing
  std::uint32_t dimension = 0;
};

// One column and one thing that is done with it; a column may occur several times (a number and its bins).
struct FeatureStep {
  std::string column;
  ColumnType type = ColumnType::kText;  // that the column has in the data
  std::variant<NumericTransform, OneHot, Embedding, Bins> transform;

  [[nodiscard]] std::size_t numeric_width() const;      // numeric inputs that the step makes
  [[nodiscard]] std::size_t categorical_width() const;  // categorical inputs: 0 or 1
};

// What the target column becomes.
struct TargetPlan {
  std::string column;
  ColumnType type = ColumnType::kText;
  std::string task;                  // "binary", "multiclass", "regression"
  std::vector<std::string> classes;  // binary: {negative, positive}; multiclass: in order of index
  // binary: levels that count as 1 where every other present level counts as 0; empty: exactly `classes`.
  std::vector<std::string> positive{};
  double mean = 0;  // regression: the network predicts (y − mean) / deviation
  double deviation = 1;
};

// Where in a schema each step's column is.
using InputPositions = std::vector<std::size_t>;

struct FeaturePlan {
  std::vector<FeatureStep> steps;
  TargetPlan target;

  [[nodiscard]] std::vector<std::string> input_columns() const;  // distinct, in order
  [[nodiscard]] Schema input_schema() const;
  [[nodiscard]] std::vector<std::string> numeric_names()
      const;  // one a numeric input: "tenure", "Contract=Two year"
  [[nodiscard]] std::size_t n_numeric() const;
  [[nodiscard]] std::size_t n_categorical() const;
  // (cardinality, dimension) of each categorical input.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> embeddings() const;

  // Fills numeric and categorical of `to` (rows, widths too) from a table that has the input columns with
  // their types. Each distinct value of a category is looked up once, not once a row. Thread-safe. Throws
  // kUsage for an input column that the table lacks, kDataRejected for one of another type.
  void apply(const Table& table, FeatureRows& to) const;
  // The same with the columns looked up beforehand: where `to` has room and there are up to 256 rows, nothing
  // is allocated.
  void apply(const Table& table, const InputPositions& positions, FeatureRows& to) const;
  // Throws as apply.
  [[nodiscard]] InputPositions positions_in(const Schema& schema) const;
  // Fills target (and rows) of `to`: 0 or 1, the index of the class, or the scaled value. Rows with a missing
  // or unknown target get 0, and keep[i] is cleared; an empty `keep` means all rows. Throws as apply.
  void apply_target(const Table& table, FeatureRows& to, std::vector<std::uint8_t>& keep) const;
};

void to_json(Json& json, const FeaturePlan& plan);
void from_json(const Json& json, FeaturePlan& plan);

}  // namespace millrace
