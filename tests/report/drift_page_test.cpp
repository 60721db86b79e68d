#include "report/drift_page.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

Json column(const std::string& name, double psi, const std::string& level) {
  return {{"name", name},
          {"level", level},
          {"cause", level == "none" ? "" : "index 0.3"},
          {"missing", 0.1},
          {"reference_missing", 0.0},
          {"psi", psi},
          {"psi_by_chance", 0.01},
          {"test", "wasserstein"},
          {"score", 0.2},
          {"drifted", true},
          {"bins", {{"labels", {"< 1", "≥ 1"}}, {"reference", {1, 3}}, {"current", {2, 2}}}}};
}

Json report() {
  return {{"model", "churn/7"},
          {"level", "retrain"},
          {"rows", 12345},
          {"source", "<b>.csv"},
          {"against", "its training rows"},
          {"compared", 2},
          {"drifted", 1},
          {"causes", {"tenure (index 0.3)"}},
          {"absent", Json::array()},
          {"columns", {column("age", 0.01, "none"), column("tenure", 0.3, "retrain")}},
          {"predictions", Json::array()},
          {"target", nullptr},
          {"performance", nullptr}};
}

bool has(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST(DriftPage, ShowsBothDistributionsOfEachColumnTheFarthestFirst) {
  const std::string page = render_drift(report());
  EXPECT_TRUE(has(page, "&lt; 1: 25.0 % before, 50.0 % now")) << page;
  EXPECT_LT(page.find("<b>tenure</b>"), page.find("<b>age</b>"));
  EXPECT_TRUE(has(page, "12,345 rows"));
}

TEST(DriftPage, TextsAreEscaped) {
  EXPECT_FALSE(has(render_drift(report()), "<b>.csv"));
}

TEST(DriftPage, PartsMayBeMissing) {
  Json few{{"model", "churn/7"}, {"level", "unknown"}, {"rows", 0}, {"columns", Json::array()}};
  EXPECT_TRUE(has(render_drift(few), "unknown"));
  Json none = report();
  none["columns"][0] = {{"name", "age"}, {"level", "alert"}, {"cause", "no values"}};
  EXPECT_TRUE(has(render_drift(none), "not compared"));
}

}  // namespace
}  // namespace millrace
