#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "features/mixed_table.hpp"

namespace millrace {
namespace {

using namespace testing;
using Texts = std::vector<std::string>;

// x with the settings of `config`, and a target that plays no part.
Table table_of(ColumnType type, const Texts& values) {
  Texts target;
  for (std::size_t i = 0; i < values.size(); ++i) target.push_back(i % 2 == 0 ? "no" : "yes");
  return make_table_of({{"x", type, values}, {"y", ColumnType::kText, target}});
}

// The transform as its header words it, in plain steps over plain vectors.
std::vector<float> plain_number(const Column& column, const NumericFeature& config) {
  std::vector<double> present;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) present.push_back(column.number(row));
  }
  const double low = config.clip ? plain_quantile(column, config.clip->first) : -INFINITY;
  const double high = config.clip ? plain_quantile(column, config.clip->second) : INFINITY;
  const auto prepared = [&](double x) {
    x = std::min(std::max(x, low), high);
    return config.log1p ? (x < 0 ? -std::log1p(-x) : std::log1p(x)) : x;
  };
  const double n = static_cast<double>(present.size());
  const double plain_mean = std::accumulate(present.begin(), present.end(), 0.0) / n;
  double mean = 0, variance = 0;
  for (const double x : present) mean += prepared(x) / n;
  for (const double x : present) variance += std::pow(prepared(x) - mean, 2) / n;
  if (config.scale == "none") mean = 0;
  const double deviation = config.scale == "none" || variance == 0 ? 1 : std::sqrt(variance);
  const double imputed = config.impute == "median" ? plain_quantile(column, 0.5)
                         : config.impute == "mean" ? plain_mean
                                                   : 0;
  const bool indicator = config.indicator && present.size() < column.size();
  std::vector<float> result;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const double x = column.is_valid(row) ? column.number(row) : imputed;
    result.push_back(static_cast<float>((prepared(x) - mean) / deviation));
    if (indicator) result.push_back(column.is_valid(row) ? 0.0F : 1.0F);
  }
  return result;
}

TEST(FitNumber, AgreesWithAPlainReferenceForEverySetting) {
  const Table drawn_table = mixed_table(501);
  for (const char* name : {"flag", "count", "amount", "day", "time"}) {
    Table table = make_table_of({{"x", ColumnType::kReal, {}}, {"y", ColumnType::kText, {}}});
    table.columns = {drawn_table[name], drawn_table["target"]};
    table.schema = Schema({{"x", drawn_table[name].type}, {"y", ColumnType::kText}});
    for (int setting = 0; setting < 48; ++setting) {
      FeaturesConfig config;
      config.numeric.impute = Texts{"median", "mean", "zero"}[setting % 3];
      config.numeric.indicator = setting / 3 % 2 == 0;
      config.numeric.scale = setting / 6 % 2 == 0 ? "standard" : "none";
      config.numeric.log1p = setting / 12 % 2 == 0;
      if (setting / 24 % 2 == 0) config.numeric.clip = {0.1, 0.85};
      const std::vector<float> got = applied(fit(config, table, "y"), table).numeric;
      const std::vector<float> expected = plain_number(table["x"], config.numeric);
      ASSERT_EQ(got.size(), expected.size()) << name << ' ' << setting;
      for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_NEAR(got[i], expected[i], 1e-5 * std::max(1.0F, std::abs(expected[i])))
            << name << ' ' << setting;
      }
    }
  }
}

TEST(FitNumber, GivesAConstantColumnDeviationOne) {
  const FeaturePlan plan = fit({}, table_of(ColumnType::kReal, {"3", "3", "3"}), "y");
  EXPECT_EQ(std::get<NumericTransform>(plan.steps[0].transform).deviation, 1);
  EXPECT_EQ(applied(plan, table_of(ColumnType::kReal, {"3", "4"})).numeric, (std::vector<float>{0, 1}));
}

TEST(FitNumber, AddsAnIndicatorOnlyWhereTrainingHadMissingValues) {
  EXPECT_EQ(fit({}, table_of(ColumnType::kReal, {"1", "2"}), "y").n_numeric(), 1);
  const FeaturePlan plan = fit({}, table_of(ColumnType::kReal, {"1", "", "2"}), "y");
  EXPECT_EQ(plan.numeric_names(), (Texts{"x", "x is missing"}));
}

TEST(FitNumber, SaysWhichColumnIsTooLargeToScale) {
  const auto table = table_of(ColumnType::kReal, {"1e300", "-1e300"});
  EXPECT_TRUE(
      contains(error_of([&] { fit({}, table, "y"); }), "3: the column 'x' has values between -1e+300"));
}

TEST(FitBins, CutsAtDistinctQuantiles) {
  FeaturesConfig config;
  config.numeric.bins = 4;
  Texts values;
  for (int i = 0; i <= 100; ++i) values.push_back(std::to_string(i));
  const FeaturePlan even = fit(config, table_of(ColumnType::kInteger, values), "y");
  EXPECT_EQ(std::get<Bins>(even.steps[1].transform).edges, (std::vector<double>{25, 50, 75}));
  EXPECT_EQ(even.input_columns(), Texts{"x"});
  const FeaturePlan tied =
      fit(config, table_of(ColumnType::kInteger, {"0", "0", "0", "0", "0", "0", "7", "9"}), "y");
  const auto& edges = std::get<Bins>(tied.steps[1].transform).edges;
  EXPECT_TRUE(std::is_sorted(edges.begin(), edges.end()));
  EXPECT_EQ(std::adjacent_find(edges.begin(), edges.end()), edges.end());
}

TEST(FitCategory, OrdersLevelsByFrequencyThenTextAndSharesRareOnes) {
  const Table table = table_of(ColumnType::kText, {"b", "c", "c", "a", "b", "a", "a", "d", "", "B"});
  const FeaturePlan plan = fit({}, table, "y");
  const auto& one_hot = std::get<OneHot>(plan.steps[0].transform);
  EXPECT_EQ(one_hot.vocabulary.levels(), (Texts{"a", "b", "c"}));
  EXPECT_EQ(plan.numeric_names(), (Texts{"x is missing", "x is rare or unknown", "x=a", "x=b", "x=c"}));
  FeaturesConfig config;
  config.categorical.max_levels = 2;
  const FeaturePlan cut = fit(config, table, "y");
  EXPECT_EQ(std::get<OneHot>(cut.steps[0].transform).vocabulary.levels(), (Texts{"a", "b"}));
  config.categorical.min_count = 1;
  config.categorical.max_levels = 100;
  const FeaturePlan all = fit(config, table, "y");
  EXPECT_EQ(all.numeric_names(), (Texts{"x is missing", "x=a", "x=b", "x=c", "x=B", "x=d"}));
}

TEST(FitCategory, EncodesOneHotUpToItsLimitAndEmbedsBeyond) {
  const Table table = table_of(ColumnType::kText, {"a", "b", "c", "a", "b", "c"});
  FeaturesConfig config;
  config.categorical.onehot_max = 3;
  EXPECT_EQ(fit(config, table, "y").n_numeric(), 3);
  config.categorical.onehot_max = 2;
  const FeaturePlan embedded = fit(config, table, "y");
  EXPECT_EQ(embedded.n_numeric(), 0);
  EXPECT_EQ(embedded.embeddings(), (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{5, 4}}));
  EXPECT_EQ(applied(embedded, table).categorical, (std::vector<std::int32_t>{2, 3, 4, 2, 3, 4}));
  config.categorical.encode = "onehot";
  EXPECT_EQ(fit(config, table, "y").n_numeric(), 3);
  config.categorical.encode = "embedding";
  config.categorical.onehot_max = 16;
  config.categorical.dimension = 9;
  EXPECT_EQ(fit(config, table, "y").embeddings()[0].second, 9);
}

TEST(FitCategory, TakesAnIntegerColumnAsACategoryWhereSaidSo) {
  FeaturesConfig config;
  config.columns["x"].kind = "categorical";
  const FeaturePlan plan = fit(config, table_of(ColumnType::kInteger, {"3", "3", "1", "1", "1", "2"}), "y");
  EXPECT_EQ(plan.numeric_names(), (Texts{"x is rare or unknown", "x=1", "x=3"}));
  EXPECT_EQ(plan.input_schema(), Schema({{"x", ColumnType::kInteger}}));
}

TEST(FitPlan, LeavesOutEmptyColumnsAndIdentifiersWithAWarning) {
  const Table table = make_table_of({{"id", ColumnType::kText, {"u1", "u2", "u3"}},
                                     {"void", ColumnType::kReal, {"", "", ""}},
                                     {"x", ColumnType::kReal, {"1", "2", "3"}},
                                     {"y", ColumnType::kText, {"a", "b", "a"}}});
  std::vector<std::string> warnings;
  const FeaturePlan plan = fit({}, table, "y", &warnings);
  EXPECT_EQ(plan.input_columns(), Texts{"x"});
  ASSERT_EQ(warnings.size(), 2);
  EXPECT_TRUE(contains(warnings[0], "the column 'id' has no value that occurs 2 times or more"))
      << warnings[0];
  EXPECT_TRUE(contains(warnings[1], "the column 'void' has no values in the training rows")) << warnings[1];
}

TEST(FitPlan, LeavesOutACategoryWithTooManyLevelsToCount) {
  Texts ids;
  for (std::size_t i = 0; i <= DistinctCounter::kExactLimit; ++i) ids.insert(ids.end(), 2, std::to_string(i));
  Table table = table_of(ColumnType::kText, ids);
  table.schema = Schema({{"x", ColumnType::kText}, {"y", ColumnType::kText}, {"z", ColumnType::kReal}});
  table.columns.push_back(make_column(ColumnType::kReal, ids));
  std::vector<std::string> warnings;
  EXPECT_EQ(fit({}, table, "y", &warnings).input_columns(), Texts{"z"});
  ASSERT_EQ(warnings.size(), 1);
  EXPECT_TRUE(contains(warnings[0], "more than the 65,536 that can be levels")) << warnings[0];
}

TEST(FitPlan, RefusesATableWithoutFeatures) {
  EXPECT_TRUE(contains(error_of([] {
                         fit({}, table_of(ColumnType::kReal, {"", ""}), "y");
                       }),
                       "3: no column is left to predict 'y' from"));
}

TEST(FitPlan, ChecksSettingsOfColumns) {
  const Table table = table_of(ColumnType::kText, {"1", "2", "1", "2"});
  FeaturesConfig config;
  config.columns["xx"];
  EXPECT_EQ(error_of([&] { fit(config, table, "y"); }),
            "2: features.columns.xx: there is no such column among the features (did you mean 'x'?)");
  FeaturesConfig on_target;
  on_target.columns["y"];
  EXPECT_TRUE(contains(error_of([&] { fit(on_target, table, "y"); }), "2: features.columns.y"));
  FeaturesConfig numeric;
  numeric.columns["x"].kind = "numeric";
  EXPECT_TRUE(
      contains(error_of([&] { fit(numeric, table, "y"); }), "2: features.columns.x: the column is text"));
}

TEST(EmbeddingDimension, FollowsTheRuleUpToFifty) {
  EXPECT_EQ(embedding_dimension(2), 2);
  EXPECT_EQ(embedding_dimension(100), 21);  // 1.6 · 100^0.56 = 21.09
  EXPECT_EQ(embedding_dimension(1000000), 50);
}

}  // namespace
}  // namespace millrace
