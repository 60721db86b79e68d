#include "monitoring/typed_columns.hpp"

#include <gtest/gtest.h>

#include "monitoring/example_model.hpp"

namespace millrace {
namespace {

const MonitoredModel& model() {
  static const MonitoredModel kModel = testing_support::example_model(100);
  return kModel;
}

Schema found(ColumnType age, ColumnType since) {
  return Schema({{"since", since},
                 {"age", age},
                 {"other", ColumnType::kText},
                 {"contract", ColumnType::kBoolean},
                 {"city", ColumnType::kInteger}});
}

TEST(TypedColumns, ReadsTheModelsColumnsAsTheModelsTypes) {
  const TypedColumns columns(model(), found(ColumnType::kInteger, ColumnType::kDate));
  EXPECT_EQ(columns.to_read().names(), (std::vector<std::string>{"age", "contract", "city", "since"}));
  EXPECT_EQ(columns.to_read()[0].type, ColumnType::kInteger);
  EXPECT_EQ(columns.to_read()[1].type, ColumnType::kText);
  EXPECT_TRUE(columns.absent().empty());
}

TEST(TypedColumns, WhatMayNotFitIsReadAsText) {
  const TypedColumns columns(model(), found(ColumnType::kText, ColumnType::kTimestamp));
  EXPECT_EQ(columns.to_read()[0].type, ColumnType::kText);
  EXPECT_EQ(columns.to_read()[3].type, ColumnType::kText);
  const Table read =
      testing_support::make_table_of({{"age", ColumnType::kText, {"31", "4o", ""}},
                                      {"contract", ColumnType::kText, {"a", "b", "c"}},
                                      {"city", ColumnType::kText, {"a", "b", "c"}},
                                      {"since", ColumnType::kText, {"2001-02-03", "x", "2001-02-30"}}});
  const Table inputs = columns.inputs_of(read);
  EXPECT_EQ(inputs["age"].valid, (std::vector<std::uint8_t>{1, 0, 0}));
  EXPECT_EQ(inputs["age"].integers[0], 31);
  EXPECT_EQ(inputs["since"].valid, (std::vector<std::uint8_t>{1, 0, 0}));
}

TEST(TypedColumns, WholeNumbersMayBeWrittenAsReals) {
  const TypedColumns columns(model(), found(ColumnType::kReal, ColumnType::kDate));
  const Table read =
      testing_support::make_table_of({{"age", ColumnType::kText, {"58.0", "-3e2", "58.5", "1e300"}},
                                      {"contract", ColumnType::kText, {"", "", "", ""}},
                                      {"city", ColumnType::kText, {"", "", "", ""}},
                                      {"since", ColumnType::kText, {"", "", "", ""}}});
  const Column age = columns.inputs_of(read).columns[0];
  EXPECT_EQ(age.valid, (std::vector<std::uint8_t>{1, 1, 0, 0}));
  EXPECT_EQ(age.integers[0], 58);
  EXPECT_EQ(age.integers[1], -300);
}

TEST(TypedColumns, TheTargetIsReadWhereItIsThere) {
  const Schema without = found(ColumnType::kInteger, ColumnType::kDate);
  EXPECT_FALSE(TypedColumns(model(), without).target_of(make_table(without)));
  std::vector<Field> fields(without.begin(), without.end());
  fields.push_back({"churn", ColumnType::kText});
  const TypedColumns columns(model(), Schema(fields));
  EXPECT_TRUE(columns.target_of(make_table(columns.to_read())));
}

}  // namespace
}  // namespace millrace
