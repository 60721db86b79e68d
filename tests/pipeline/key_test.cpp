#include "pipeline/key.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

const Json kBefore{{"settings", {{"training", {{"epochs", 50}, {"seed", 1}}}}},
                   {"inputs", {{"features", "aa"}}}};

TEST(KeyDifferences, AreEmptyForEqualKeys) {
  EXPECT_TRUE(key_differences(kBefore, kBefore).empty());
}

TEST(KeyDifferences, NameEachLeafThatDiffers) {
  Json now = kBefore;
  now["settings"]["training"]["epochs"] = 10;
  now["inputs"]["features"] = "bb";
  EXPECT_EQ(key_differences(kBefore, now), (std::vector<std::string>{R"(inputs.features: "aa" → "bb")",
                                                                     "settings.training.epochs: 50 → 10"}));
}

TEST(KeyDifferences, ShowWhatIsNewAndWhatIsGone) {
  Json now = kBefore;
  now["settings"]["training"].erase("seed");
  now["settings"]["training"]["lanes"] = 8;
  const auto lines = key_differences(kBefore, now);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(std::find(lines.begin(), lines.end(), "settings.training.lanes: (none) → 8"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "settings.training.seed: 1 → (none)"), lines.end());
}

TEST(KeyDifferences, ShowEachElementOfListsOfOtherLengths) {
  const auto key = [](const Json& values) {
    return Json{{"space", {{"choice", values}, {"step", nullptr}}}};
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(key_differences(key({1, 2}), key({1, 2, 3})), Lines{"space.choice.2: (none) → 3"});
  EXPECT_EQ(key_differences(key({1, 2}), key({4})),
            (Lines{"space.choice.0: 1 → 4", "space.choice.1: 2 → (none)"}));
  EXPECT_EQ(key_differences(Json::object(), key({"a"})), Lines{R"(space.choice.0: (none) → "a")"});
}

TEST(Stages, AreFoundByNameAndSuggestedForTypos) {
  EXPECT_EQ(pipeline_stages()[stage_index("train")].name, "train");
  try {
    (void)stage_index("trian");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("did you mean 'train'"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace millrace
