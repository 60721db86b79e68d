#include "cost/storage.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "cost/samples.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::prices;

const Moment kMorning = moment_of("2026-11-27T08:00:00.000Z");

class Storage : public testing::Test {
 protected:
  void put(const std::string& bytes) { (void)workspace_.put_object(bytes); }
  void measure(Moment now) { measure_storage(workspace_, prices(0, 0, 0.02), now); }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
};

TEST_F(Storage, IsMeasuredOnceADay) {
  put("hello");
  put("worlds");
  measure(kMorning);
  put("more");
  measure(kMorning + kHourMs);
  measure(kMorning + kDayMs);
  const auto measures = storage_measures(workspace_);
  ASSERT_EQ(measures.size(), 2U);
  EXPECT_EQ(measures[0].bytes, 11U);
  EXPECT_EQ(measures[0].time, kMorning);
  EXPECT_EQ(measures[0].gb_month, Money::of(0.02, ""));
  EXPECT_EQ(measures[1].bytes, 15U);
}

TEST_F(Storage, EqualObjectsCountOnce) {
  put("hello");
  put("hello");
  measure(kMorning);
  EXPECT_EQ(storage_measures(workspace_).at(0).bytes, 5U);
}

TEST_F(Storage, AWorkspaceWithoutObjectsIsLeftAlone) {
  measure(kMorning);
  EXPECT_TRUE(list_folder(folder_.path()).empty());
  EXPECT_TRUE(storage_measures(workspace_).empty());
}

TEST_F(Storage, ADamagedMeasureIsLeftOut) {
  put("hello");
  measure(kMorning);
  publish_file(workspace_.path("cost/storage/2026-11-20.json"), "{\"time\": ");
  publish_file(workspace_.path("cost/storage/2026-11-21.json"), "{\"time\": \"2026-11-21T00:00:00Z\"}");
  publish_file(workspace_.path("cost/storage/notes.txt"), "mine");
  EXPECT_EQ(storage_measures(workspace_).size(), 1U);
}

TEST_F(Storage, PastMonthsStayKnownThoughObjectsGo) {
  put("hello");
  measure(kMorning - 30 * kDayMs);
  std::filesystem::remove_all(workspace_.path("objects"));
  make_folder(workspace_.path("objects"));
  measure(kMorning);
  const auto measures = storage_measures(workspace_);
  ASSERT_EQ(measures.size(), 2U);
  EXPECT_EQ(measures[0].bytes, 5U);
  EXPECT_EQ(measures[1].bytes, 0U);
}

}  // namespace
}  // namespace millrace
