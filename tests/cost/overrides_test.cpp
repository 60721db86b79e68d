#include "cost/overrides.hpp"

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "cost/samples.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

class Overrides : public testing::Test {
 protected:
  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
};

TEST_F(Overrides, AreKeptInTheirOrderWithTimeAndUser) {
  EXPECT_TRUE(recorded_overrides(workspace_).empty());
  for (const char* run : {"r1", "r2"})
    record_override(workspace_, {{"run", run}, {"reason", "the board asked"}, {"budgets", {"too much"}}});
  const auto kept = recorded_overrides(workspace_);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].at("run"), "r2");
  EXPECT_EQ(kept[1].at("reason"), "the board asked");
  EXPECT_EQ(kept[1].at("type"), "override");
  EXPECT_FALSE(kept[1].at("time").get<std::string>().empty());
  EXPECT_FALSE(kept[1].at("user").get<std::string>().empty());
}

TEST_F(Overrides, AnAlteredEntryShows) {
  for (const char* run : {"r1", "r2"}) record_override(workspace_, {{"run", run}, {"reason", "because"}});
  publish_file(
      workspace_.path("cost/overrides/000000001.json"),
      R"({"number": 1, "previous": null, "time": "t", "user": "u", "type": "override", "run": "rX"})");
  testing_support::expect_topic(testing_support::error_of([&] { (void)recorded_overrides(workspace_); }),
                                Topic::kDamagedJournal);
}

}  // namespace
}  // namespace millrace
