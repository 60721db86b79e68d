#include "validation/verdict.hpp"

#include <gtest/gtest.h>

#include "support/tables.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

Verdict example() {
  CheckResult passed{"row_count", "", "at least 1 rows", "7,043", true, Action::kReject, 7043, 0};
  CheckResult warned{"outliers", "age", "share <= 0.05", "0.2 (2 of 10)", false, Action::kWarn, 10, 2};
  CheckResult failed{"missing", "fee", "share <= 0.1", "0.5 (5 of 10)", false, Action::kReject, 10, 5};
  failed.samples = Json::array({{{"file", "a.csv"}, {"record", 1234}, {"value", nullptr}},
                                {{"file", "a.csv"}, {"record", 1235}, {"value", "x"}}});
  return {{passed, warned, failed}};
}

TEST(Verdict, IsAcceptedUnlessARejectingCheckFails) {
  Verdict verdict = example();
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.count(false, Action::kWarn), 1);
  EXPECT_EQ(verdict.count(true, Action::kReject), 1);
  verdict.checks.pop_back();
  EXPECT_TRUE(verdict.accepted());
  EXPECT_TRUE(Verdict{}.accepted());
}

TEST(Verdict, ReadsBackFromJson) {
  const Json json = example();
  EXPECT_EQ(json["accepted"], false);
  EXPECT_EQ(Json(json.get<Verdict>()), json);
  Json damaged = json;
  damaged["checks"][0]["action"] = "shout";
  EXPECT_EQ(error_of([&] { damaged.get<Verdict>(); }), "6: verdict: there is no action 'shout'");
  damaged["checks"][0].erase("rows");
  EXPECT_TRUE(contains(error_of([&] { damaged.get<Verdict>(); }), "6: verdict: "));
}

TEST(Verdict, ShowsFailuresThenWarningsThenNothingElse) {
  const std::string text = format_verdict(example());
  EXPECT_TRUE(contains(text, "data rejected: 1 of 3 checks passed, 1 failed, 1 warning\n")) << text;
  EXPECT_LT(text.find("FAILED"), text.find("warning  outliers")) << text;
  EXPECT_TRUE(contains(text, "a.csv record 1,234: missing")) << text;
  EXPECT_TRUE(contains(text, "a.csv record 1,235: 'x'")) << text;
  EXPECT_FALSE(contains(text, "row_count")) << text;
  EXPECT_TRUE(contains(format_verdict({}), "data accepted: 0 of 0 checks passed, 0 failed, 0 warnings"));
}

}  // namespace
}  // namespace millrace
