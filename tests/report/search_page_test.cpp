#include "report/search_page.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

Json searched_trial(int number, const Json& values, const Json& score) {
  Json json{{"trial", number},
            {"state", score.is_null() ? "failed" : "done"},
            {"epochs", 2},
            {"values", values},
            {"curve",
             {{{"epoch", 1}, {"train_loss", 0.7}, {"validation_loss", 0.6}},
              {{"epoch", 2}, {"train_loss", 0.6}, {"validation_loss", 0.5}}}}};
  if (score.is_null()) json["error"] = "the loss is <nan>";
  if (!score.is_null()) json["score"] = score;
  return json;
}

Json search_summary() {
  return {{"search", "churn"},
          {"metric", "auc"},
          {"larger_is_better", true},
          {"better", true},
          {"epochs", 1234},
          {"as_it_stands", 0.8},
          {"best", {{"trial", 2}, {"score", 0.9}, {"values", {{"model.hidden", {64, 32}}}}}},
          {"importance", {{{"key", "model.hidden"}, {"share", 0.25}, {"trials", 2}}}},
          {"trials",
           {searched_trial(0, Json::object(), 0.8), searched_trial(1, {{"model.hidden", {4}}}, nullptr),
            searched_trial(2, {{"model.hidden", {64, 32}}}, 0.9)}}};
}

bool shows(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST(SearchPage, ShowsTheBestFirstAndFailedTrialsLast) {
  const std::string page = render_search(search_summary());
  const auto best = page.find("<td>2</td>");
  const auto standing = page.find("<td>0</td>");
  const auto failed = page.find("<td>1</td>");
  ASSERT_NE(failed, std::string::npos) << page;
  EXPECT_LT(best, standing);
  EXPECT_LT(standing, failed);
  EXPECT_TRUE(shows(page, "model.hidden [64,32]"));
  EXPECT_TRUE(shows(page, "25.0 %"));
  EXPECT_TRUE(shows(page, "as it stands"));
}

TEST(SearchPage, TextsAreEscaped) {
  EXPECT_FALSE(shows(render_search(search_summary()), "<nan>"));
}

}  // namespace
}  // namespace millrace
