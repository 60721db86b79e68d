// A pipeline whose data is replaced every night: what the default validation says of the next day, with no
// rule written by hand, and what the workspace remembers of the days before.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

// Header and rows of generated churn data; no value has a quote or a comma but the payment method's.
using Rows = std::vector<std::vector<std::string>>;

Rows read_rows(const std::string& path) {
  Rows rows;
  for (const std::string& line : split(read_file(path), '\n')) {
    std::vector<std::string> values;
    bool quoted = false;
    std::string value;
    for (const char c : line) {
      quoted = quoted != (c == '"');
      if (c == ',' && !quoted) values.push_back(std::exchange(value, ""));
      if (c != ',' || quoted) value += c;
    }
    values.push_back(value);
    if (!line.empty()) rows.push_back(values);
  }
  return rows;
}

// Honest outliers, which are told until there is a day to compare with.
std::vector<std::string> first_look() {
  return {"outliers support_calls", "outliers data_gb"};
}

class Nights : public testing::Test {
 protected:
  Nights() {
    bench_.make_data(4, 1500);
    bench_.write("day.yaml",
                 "name: test\ndata: { source: day.csv, target: { column: churned, positive: \"Yes\" } }\n");
    for (int day = 1; day <= 4; ++day)
      days_.push_back(read_rows(bench_.path(fmt::format("data/churn-2026-10-0{}.csv", day))));
  }

  [[nodiscard]] static std::size_t column(const Rows& rows, const std::string& name) {
    const auto at = std::find(rows[0].begin(), rows[0].end(), name);
    return static_cast<std::size_t>(at - rows[0].begin());
  }

  // Sets each value of a column, or one in `every`.
  static void change(Rows& rows, const std::string& name,
                     const std::function<std::string(const std::string&)>& to, std::size_t every = 1) {
    const std::size_t at = column(rows, name);
    for (std::size_t i = 1; i < rows.size(); i += every) rows[i][at] = to(rows[i][at]);
  }

  ProcessResult validate(const Rows& rows, const std::vector<std::string>& options = {},
                         int ranks = 0) const {
    std::string text;
    for (const auto& row : rows) text += join(row, ",") + "\n";
    bench_.write("day.csv", text);
    std::vector<std::string> arguments{"validate", "day.yaml", "--quiet"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return bench_.millrace(arguments, ranks);
  }

  // "shift age" for each check that failed in the newest run.
  [[nodiscard]] std::vector<std::string> alarms() const {
    const std::string digest = bench_.latest_run()["outputs"]["validate"]["verdict"];
    const Json verdict = Json::parse(read_file(object_path(digest)));
    std::vector<std::string> alarms;
    for (const Json& check : verdict["checks"]) {
      if (check["passed"]) continue;
      alarms.push_back(
          fmt::format("{} {}", check["check"].get<std::string>(), check["column"].get<std::string>()));
    }
    return alarms;
  }

  [[nodiscard]] std::string object_path(const std::string& digest) const {
    return bench_.path("workspace/objects/" + digest.substr(0, 2) + "/" + digest.substr(2));
  }

  [[nodiscard]] bool cached() const { return bench_.latest_run()["stages"][1]["cached"]; }

  // The dataset that was accepted last.
  [[nodiscard]] std::string accepted() const {
    const std::string record(trim(read_file(bench_.path("workspace/refs/accepted/test"))));
    return Json::parse(read_file(object_path(record)))["dataset"];
  }

  Workbench bench_;
  std::vector<Rows> days_;
};

TEST_F(Nights, EachDefectIsNamedAndCleanDaysPass) {
  using Defect = std::pair<std::vector<std::string>, std::function<void(Rows&)>>;
  const std::vector<Defect> defects{
      {{"schema plan", "schema plan_name"}, [](Rows& rows) { rows[0][column(rows, "plan")] = "plan_name"; }},
      {{"unseen age", "shift age"},
       [](Rows& rows) { change(rows, "age", [](const auto& age) { return age + "0"; }); }},
      {{"outliers age", "unseen age"},
       [](Rows& rows) {
         change(
             rows, "age", [](const auto&) { return "-999"; }, 10);
       }},
      {{"missing data_gb", "missing_change data_gb"},
       [](Rows& rows) {
         change(
             rows, "data_gb", [](const auto&) { return ""; }, 8);
       }},
      {{"missing region", "missing_change region"},
       [](Rows& rows) { change(rows, "region", [](const auto&) { return ""; }); }},
      {{"constant paperless", "shift paperless"},
       [](Rows& rows) { change(rows, "paperless", [](const auto&) { return "Yes"; }); }},
      {{"unseen contract", "shift contract"},
       [](Rows& rows) {
         change(rows, "contract",
                [](const auto& contract) { return contract == "one year" ? "1y" : contract; });
       }},
      {{"schema age"},
       [](Rows& rows) { change(rows, "age", [](const auto& age) { return age + " years"; }); }},
      {{"unseen region", "shift region", "unseen plan", "shift plan"},
       [](Rows& rows) {
         for (std::size_t i = 1; i < rows.size(); ++i) {
           std::swap(rows[i][column(rows, "region")], rows[i][column(rows, "plan")]);
         }
       }},
      {{"shift churned"},
       [](Rows& rows) {
         change(rows, "churned", [](const auto& churned) { return churned == "Yes" ? "No" : "Yes"; });
       }},
      {{"leakage code", "schema code"},
       [](Rows& rows) {
         const std::size_t target = column(rows, "churned");
         for (auto& row : rows)
           row.push_back(&row == rows.data() ? "code" : row[target] == "Yes" ? "7" : "3");
       }},
      {{"repeated_rows "},
       [](Rows& rows) {
         const Rows again(rows.begin() + 1, rows.begin() + 101);
         rows.insert(rows.end(), again.begin(), again.end());
       }},
      {{"row_change "}, [](Rows& rows) { rows.resize(rows.size() / 3); }},
  };
  ASSERT_EQ(validate(days_[0]).exit_code, 0);
  EXPECT_EQ(alarms(), first_look());
  constexpr auto kWhole =
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks;
  std::filesystem::copy(bench_.path("workspace"), bench_.path("first"), kWhole);
  for (const auto& [expected, spoil] : defects) {
    // Each after the same clean day: what is accepted with a warning is what the next is compared with.
    std::filesystem::remove_all(bench_.path("workspace"));
    std::filesystem::copy(bench_.path("first"), bench_.path("workspace"), kWhole);
    Rows next = days_[1];
    spoil(next);
    const ProcessResult result = validate(next);
    EXPECT_EQ(alarms(), expected) << result.err;
  }
  ASSERT_EQ(validate(days_[0], {"--set", "validation.reference.dataset=none"}).exit_code, 0);
  EXPECT_EQ(alarms(), first_look());
  for (int day = 1; day <= 3; ++day) {
    EXPECT_EQ(validate(days_[day]).exit_code, 0);
    EXPECT_EQ(alarms(), std::vector<std::string>()) << "day " << day;
  }
}

TEST_F(Nights, WhatWasComparedWithWhatIsPartOfTheKey) {
  validate(days_[0]);
  EXPECT_FALSE(cached());
  validate(days_[0]);
  EXPECT_TRUE(cached());
  const std::string first = accepted();
  validate(days_[1], {}, 3);
  EXPECT_FALSE(cached());
  EXPECT_NE(accepted(), first);
  validate(days_[1]);
  EXPECT_TRUE(cached()) << "compared with the first day, as before";
  validate(days_[0]);
  EXPECT_FALSE(cached()) << "the first day has not been compared with the second";
  EXPECT_EQ(accepted(), first);
}

TEST_F(Nights, RejectedDataIsNotWhatTheNextIsComparedWith) {
  validate(days_[0]);
  const std::string first = accepted();
  Rows renamed = days_[1];
  renamed[0][column(renamed, "age")] = "years";
  const ProcessResult rejected = validate(renamed, {}, 3);
  EXPECT_EQ(rejected.exit_code, 3) << rejected.err;
  EXPECT_NE(rejected.err.find("checks failed: schema age: found the column is gone"), std::string::npos)
      << rejected.err;
  EXPECT_EQ(accepted(), first);
  EXPECT_EQ(validate(days_[2]).exit_code, 0);
  // The change was meant: one run accepts it, and the next ones take it for granted.
  EXPECT_EQ(validate(renamed, {"--set", "validation.reference.dataset=none"}).exit_code, 0);
  EXPECT_EQ(validate(renamed).exit_code, 0);
  EXPECT_EQ(alarms(), first_look());
}

TEST_F(Nights, DataThatIsReadInAnotherWayIsNotCompared) {
  validate(days_[0]);
  EXPECT_EQ(validate(days_[1], {"--set", "data.drop=[age]"}).exit_code, 0);
  EXPECT_EQ(alarms(), first_look());
}

}  // namespace
}  // namespace millrace
