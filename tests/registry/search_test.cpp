#include "registry/search.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "registry/compare.hpp"

namespace millrace {
namespace {

RegistryState three_versions() {
  RegistryState state;
  for (int i = 1; i <= 3; ++i) {
    ModelVersion version;
    version.model = i == 3 ? "adult" : "churn";
    version.version = static_cast<std::uint64_t>(i == 3 ? 1 : i);
    version.time = "2026-11-2" + std::to_string(i) + "T00:00:00.000Z";
    const Json details{{"metrics", {{"test", {{"auc", 0.8 + 0.02 * i}}}}},
                       {"config", {{"training", {{"epochs", i}}}}}};
    version.entry = Json{{"details", details}}.dump();
    version.aliases = i == 2 ? std::vector<std::string>{"champion", "of-crm"} : std::vector<std::string>();
    if (i != 3) version.tags = {{"team", i == 1 ? "crm" : "it's"}};
    state.add(version);
  }
  return state;
}

std::string found(const std::string& query) {
  const RegistryState state = three_versions();
  std::string names;
  for (const ModelVersion* version : search(state, Records(""), query)) names += version->name() + " ";
  return names;
}

std::string search_refusal(const std::string& query) {
  try {
    found(query);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(Search, ComparesFieldsOfAllKinds) {
  EXPECT_EQ(found("metrics.test.auc > 0.83"), "churn/2 adult/1 ");
  EXPECT_EQ(found("metrics.test.auc > 0.83 and tags.team = 'crm'"), "");
  EXPECT_EQ(found("tags.team = 'it''s' or model = 'adult'"), "churn/2 adult/1 ");
  EXPECT_EQ(found("not (model = 'churn')"), "adult/1 ");
  EXPECT_EQ(found("params.training.epochs <= 2"), "churn/1 churn/2 ");
  EXPECT_EQ(found("created >= '2026-11-22'"), "churn/2 adult/1 ");
  EXPECT_EQ(found("aliases = 'champion'"), "churn/2 ");
  EXPECT_EQ(found("model like '%u%'"), "churn/1 churn/2 adult/1 ");
  EXPECT_EQ(found("model like 'ch%n'"), "churn/1 churn/2 ");
  EXPECT_EQ(found("tags.none = 'x'"), "");
  EXPECT_EQ(found("version = 'churn'"), "");
}

TEST(Search, BindsAndTighterThanOr) {
  EXPECT_EQ(found("model = 'adult' or model = 'churn' and version = 1"), "churn/1 adult/1 ");
  EXPECT_EQ(found("(model = 'adult' or model = 'churn') AND version = 1"), "churn/1 adult/1 ");
  EXPECT_EQ(found("version = 1 and (model = 'x' or version > 1)"), "");
}

TEST(Search, OrdersAndLimits) {
  EXPECT_EQ(found(""), "churn/1 churn/2 adult/1 ");
  EXPECT_EQ(found("order by metrics.test.auc desc"), "adult/1 churn/2 churn/1 ");
  EXPECT_EQ(found("order by metrics.test.auc desc limit 1"), "adult/1 ");
  EXPECT_EQ(found("version > 0 order by tags.team"), "churn/1 churn/2 adult/1 ");
  EXPECT_EQ(found("version > 0 order by tags.team desc"), "churn/2 churn/1 adult/1 ");
  EXPECT_EQ(found("limit 2"), "churn/1 churn/2 ");
}

TEST(Search, SaysWhereItStopsMakingSense) {
  EXPECT_EQ(search_refusal("version > and"),
            "the search stops making sense at 'and' (character 11): a value is expected");
  EXPECT_EQ(
      search_refusal("version"),
      "the search stops making sense at its end (character 8): a comparison (=, !=, <, <=, >, >=, like) is "
      "expected");
  for (const char* query :
       {"version = 1 version", "(version = 1", "model = 'x", "model like 3", "order metrics", "= 1",
        "version = 1 limit x", "model ; 1", "and", "not", "version = 1 order by"}) {
    EXPECT_NE(search_refusal(query).find("stops making sense"), std::string::npos) << query;
  }
}

TEST(Compare, FindsWhatDiffers) {
  const RegistryState state = three_versions();
  std::vector<std::string> different;
  for (const ComparedField& field : compare({&state.versions[0], &state.versions[1]}, Records(""))) {
    if (field.differs()) different.push_back(field.name);
  }
  EXPECT_EQ(different, (std::vector<std::string>{"aliases", "created", "metrics.test.auc",
                                                 "params.training.epochs", "tags.team", "version"}));
}

}  // namespace
}  // namespace millrace
