#include "monitoring/drift_report.hpp"

#include <gtest/gtest.h>

#include "monitoring/example_model.hpp"

namespace millrace {
namespace {

using testing_support::contains;

// As the reference saw it, but for some columns.
class Report : public testing::Test {
 protected:
  Report() : model_(testing_support::example_model()) {
    seen_.rows = 3000;
    seen_.inputs = model_.reference.inputs;
    seen_.predictions = model_.reference.predictions;
  }
  // The column's values become missing for this share of the rows.
  void empty(std::size_t column, double share) {
    ColumnDistribution& changed = seen_.inputs[column];
    changed.rows = 3000;
    changed.missing = static_cast<std::uint64_t>(share * 3000);
    for (auto& [level, rows] : changed.levels.rows)
      rows = static_cast<std::uint64_t>(static_cast<double>(rows) * (1 - share));
    changed.missing = 3000 - changed.levels.total();
  }
  [[nodiscard]] DriftReport report() const { return compare(model_.reference, seen_, monitoring_); }

  MonitoredModel model_;
  Observation seen_;
  MonitoringConfig monitoring_;
};

TEST_F(Report, NamesTheColumnThatRaisesTheLevel) {
  empty(2, 0.3);
  const DriftReport found = report();
  EXPECT_EQ(found.level, DriftLevel::kRetrain);
  EXPECT_EQ(verdict_text(found), "retrain: city (30.0 % missing, 0.0 % before)");
}

TEST_F(Report, AsManyColumnsAsConfiguredMustStandAtALevel) {
  empty(2, 0.3);
  monitoring_.min_columns = 2;
  EXPECT_EQ(report().level, DriftLevel::kNone);
  empty(1, 0.3);
  EXPECT_EQ(report().level, DriftLevel::kRetrain);
  EXPECT_EQ(report().causes.size(), 2U);
}

TEST_F(Report, IgnoredColumnsAreLeftOut) {
  empty(2, 0.3);
  monitoring_.columns["city"].ignore = true;
  const DriftReport found = report();
  EXPECT_EQ(found.level, DriftLevel::kNone);
  EXPECT_EQ(found.columns.size(), 3U);
}

TEST_F(Report, FewRowsSayNothing) {
  empty(2, 0.3);
  monitoring_.min_rows = 3001;
  EXPECT_EQ(to_document(report()).at("level"), "unknown");
  EXPECT_EQ(report().level, DriftLevel::kNone);
}

TEST_F(Report, AbsentColumnsAreAnAlertAndNoRetraining) {
  seen_.absent = {{"city", "is not in the source"}};
  const DriftReport found = report();
  EXPECT_EQ(found.level, DriftLevel::kAlert);
  EXPECT_EQ(verdict_text(found), "alert: city is not in the source");
  EXPECT_TRUE(contains(report_text(found), "city is not in the source"));
}

TEST_F(Report, TheDataSetDriftsWithTheShareOfItsColumns) {
  monitoring_.drift = {10, 10, 10};
  seen_.inputs[1].levels.rows = {{"monthly", 500}, {"yearly", 2500}};
  seen_.inputs[2].levels.rows = {{"Ulm", 100}, {"Bonn", 2900}};
  const DriftReport found = report();
  EXPECT_EQ(found.drifted, 2U);
  EXPECT_DOUBLE_EQ(found.drifted_share(), 0.5);
  EXPECT_TRUE(found.dataset_drift);
  EXPECT_EQ(verdict_text(found), "alert: 2 of 4 columns");
}

TEST_F(Report, LateLabelsRaiseTheLevel) {
  DriftReport found = report();
  Performance performance;
  performance.level = DriftLevel::kRetrain;
  performance.cause = "auc 0.7000, 0.9000 before";
  add_performance(found, performance);
  EXPECT_EQ(verdict_text(found), "retrain: auc 0.7000, 0.9000 before");
}

TEST_F(Report, DocumentHasWhatPeopleSee) {
  empty(2, 0.3);
  const Json document = to_document(report());
  EXPECT_EQ(document.at("level"), "retrain");
  const Json& city = document.at("columns").at(2);
  EXPECT_EQ(city.at("name"), "city");
  EXPECT_EQ(city.at("bins").at("labels"), (Json{"Bonn", "Ulm"}));
  EXPECT_NO_THROW((void)canonical_json(document));
}

}  // namespace
}  // namespace millrace
