#include "report/report.hpp"

#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace millrace {
namespace {

using namespace testing_support;

// The tags of a page in order; checks that each is closed where it should be.
std::vector<std::string> balanced_tags(const std::string& page) {
  static const std::set<std::string> kVoid{"meta", "!doctype"};
  std::vector<std::string> tags;
  std::vector<std::string> open;
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const auto end = page.find('>', at);
    if (end == std::string::npos) {
      ADD_FAILURE() << "a tag is not closed: " << page.substr(at, 40);
      break;
    }
    const std::string inside = page.substr(at + 1, end - at - 1);
    const std::string name = inside.substr(0, inside.find_first_of(" \n"));
    tags.push_back(name);
    if (kVoid.contains(name) || inside.ends_with("/")) continue;
    if (!name.starts_with("/")) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name.substr(1)) {
      ADD_FAILURE() << "<" << name << "> closes " << (open.empty() ? "nothing" : open.back());
      break;
    } else {
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty()) << open.back();
  return tags;
}

bool contains(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST(Report, ShowsWhatMatters) {
  const std::string page = render_report(sample_input());
  for (const char* text : {"telco-churn",
                           "20261124-031500-4711",
                           "run done",
                           "data accepted with warnings",
                           "gate passed",
                           "0.8412",
                           "7,043",
                           "telco-churn/7",
                           "MonthlyCharges",
                           "493 of 7,043",
                           "1 of 2 checks passed",
                           "&#39;4o&#39; is no integer",
                           "Month-to-month",
                           "55.0 %",
                           "text because of",
                           "2019-04-14",
                           "number, was-missing; 4 bins",
                           "one-hot of 3 levels",
                           "nothing had changed",
                           "14 epochs",
                           "5,121 parameters",
                           "970 kB",
                           "<b>1.23 E&lt;R</b><span>cost</span>",
                           "source: Telco.csv",
                           "id=\"lineage\""}) {
    EXPECT_TRUE(contains(page, text)) << text;
  }
}

TEST(Report, IsWellFormedAndNeedsNoNetwork) {
  const std::string page = render_report(sample_input());
  balanced_tags(page);
  for (const char* text : {"http:", "https:", "<script", "<link", "src=", "url(", "@import"}) {
    EXPECT_FALSE(contains(page, text)) << text;
  }
  EXPECT_FALSE(contains(page, "nan")) << page.substr(page.find("nan") - 40, 80);
}

// Every combination of parts that a run may not have reached.
TEST(Report, AnyPartMayBeAbsent) {
  for (unsigned absent = 0; absent < 64; ++absent) {
    ReportInput input = sample_input();
    Json* parts[] = {&input.dataset,  &input.verdict,    &input.plan,
                     &input.training, &input.evaluation, &input.run};
    for (unsigned i = 0; i < 6; ++i) {
      if ((absent >> i & 1U) != 0) *parts[i] = nullptr;
    }
    balanced_tags(render_report(input));
  }
  balanced_tags(render_report({}));
}

void for_each_string(Json& json, const std::function<void(std::string&)>& change) {
  if (json.is_string()) change(json.get_ref<std::string&>());
  if (json.is_structured()) {
    for (Json& value : json) for_each_string(value, change);
  }
}

TEST(Report, HostileTextStaysText) {
  const std::vector<std::string> plain_tags = balanced_tags(render_report(sample_input()));
  ReportInput input = sample_input();
  const std::set<std::string> words{"text",   "integer", "real",   "date", "done",
                                    "reject", "warn",    "number", "bins", "onehot"};
  const auto poison = [&](std::string& text) {
    if (!text.empty() && !words.contains(text))
      text += R"("'><img src=x onerror=alert(1)></style></script><!--)";
  };
  for (Json* json :
       {&input.run, &input.dataset, &input.verdict, &input.plan, &input.training, &input.evaluation}) {
    for_each_string(*json, poison);
  }
  poison(input.config_yaml);
  const std::string page = render_report(input);
  EXPECT_TRUE(contains(page, "&lt;img src=x"));
  EXPECT_FALSE(contains(page, "<img"));
  EXPECT_EQ(balanced_tags(page), plain_tags);
}

TEST(Report, AFailedRunSaysWhy) {
  ReportInput input;
  input.run = {{"run", "r1"},
               {"pipeline", "p"},
               {"status", "failed"},
               {"error", {{"stage", "ingest"}, {"message", "no such <file>"}}}};
  const std::string page = render_report(input);
  EXPECT_TRUE(contains(page, "run failed"));
  EXPECT_TRUE(contains(page, "<b>ingest</b>: no such &lt;file&gt;"));
  EXPECT_FALSE(contains(page, "id=\"columns\""));
}

TEST(Report, RefusedDataIsSeenAtOnce) {
  ReportInput input = sample_input();
  input.verdict["checks"][1]["action"] = "reject";
  EXPECT_TRUE(contains(render_report(input), "data rejected"));
  input.evaluation["gate"]["passed"] = false;
  EXPECT_TRUE(contains(render_report(input), "gate not passed"));
}

TEST(Report, ManyColumnsStayAPage) {
  ReportInput input = sample_input();
  for (int i = 0; i < 2000; ++i) {
    input.dataset["schema"].push_back({{"name", fmt::format("c{}", i)}, {"type", "real"}});
    input.dataset["profile"].push_back(number_profile("real", 0, 1));
  }
  const std::string page = render_report(input);
  EXPECT_TRUE(contains(page, "The first 500 of 2006 columns"));
  EXPECT_LT(page.size(), 5'000'000U);
}

TEST(Report, ColumnsWithoutValuesOrRowsAreShown) {
  ReportInput input = sample_input();
  for (const char* type : {"real", "text", "boolean", "timestamp"}) {
    input.dataset["schema"].push_back({{"name", "empty"}, {"type", type}});
    input.dataset["profile"].push_back({{"statistics",
                                         {{"type", type},
                                          {"rows", 0},
                                          {"missing", 0},
                                          {"min", 0},
                                          {"max", 0},
                                          {"distinct", {{"counts", Json::object()}}}}},
                                        {"quantiles", Json::array()},
                                        {"histogram", Json::array()}});
  }
  balanced_tags(render_report(input));
}

}  // namespace
}  // namespace millrace
