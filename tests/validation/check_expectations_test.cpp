#include <gtest/gtest.h>

#include "validation/fixture.hpp"

namespace millrace {
namespace {

using namespace testing;

// Nothing is read: there is no workspace here.
Dataset dataset_of_types() {
  Dataset dataset;
  dataset.schema = Schema({{"tenure", ColumnType::kInteger},
                           {"fee", ColumnType::kText},
                           {"day", ColumnType::kDate},
                           {"open", ColumnType::kBoolean}});
  dataset.inference_notes = {"", "'4o' in day-03.csv line 40211", "", ""};
  return dataset;
}

std::string failure(const Expectation& expectation) {
  return error_of([&] { check_expectations(only(expectation), dataset_of_types()); });
}

TEST(CheckExpectations, PointsToAnUnknownColumn) {
  EXPECT_EQ(failure(expect("tenur")),
            "2: configs/churn.yaml:12:7: there is no column 'tenur' (did you mean 'tenure'?)");
}

TEST(CheckExpectations, SaysWhichValueMadeAColumnText) {
  Expectation range = expect("fee");
  range.between = {0.0, std::nullopt};
  EXPECT_EQ(
      failure(range),
      "3: configs/churn.yaml:12:7: between needs numbers, but the column 'fee' is text because of '4o' in "
      "day-03.csv line 40211; if it holds numbers, declare data.types: {fee: integer} (or real), and "
      "records with other words are rejected; or name those words in data.missing");
}

TEST(CheckExpectations, RefusesRangesThatCannotBe) {
  Expectation range = expect("tenure");
  range.between = {5.0, 4.0};
  EXPECT_EQ(failure(range), "2: configs/churn.yaml:12:7: between: [5, 4] holds no number");
  range.between = {4.0, 4.0};
  EXPECT_EQ(failure(range), "");
  range.between = {std::nullopt, std::nullopt};
  EXPECT_EQ(failure(range), "");
  range.column.text = "day";
  EXPECT_TRUE(contains(failure(range), "the column 'day' is a date"));
}

TEST(CheckExpectations, RefusesWordsThatCannotBeInTheColumn) {
  Expectation set = expect("tenure");
  set.in_set = {"1", "2.0", "one"};
  EXPECT_EQ(
      failure(set),
      "2: configs/churn.yaml:12:7: in_set: 'one' can never be in the column 'tenure', which is integer");
  set.in_set = {"1", "2.5"};
  EXPECT_TRUE(contains(failure(set), "'2.5' can never be"));
  set.column.text = "fee";
  EXPECT_EQ(failure(set), "");
  set.column.text = "open";
  set.in_set = {"TRUE", "false"};
  EXPECT_EQ(failure(set), "");
}

TEST(CheckExpectations, PointsToABrokenRegularExpression) {
  Expectation regex = expect("fee");
  regex.regex = SourceText{"a(b", {"configs/churn.yaml", 14, 12}};
  EXPECT_TRUE(contains(failure(regex), "2: configs/churn.yaml:14:12: 'a(b' is no regular expression (RE2): "))
      << failure(regex);
}

TEST(CheckExpectations, ChecksTheNameOfAType) {
  Expectation type = expect("fee");
  type.type = SourceText{"integr", {}};
  EXPECT_TRUE(contains(failure(type), "2: "));
}

}  // namespace
}  // namespace millrace
