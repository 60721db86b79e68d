#include "versions/reference.hpp"

#include <gtest/gtest.h>

#include "support/tables.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

class Reference : public testing::Test {
 protected:
  static Digest version(int number) { return digest_of(std::to_string(number)); }

  void publish(int number, const std::string& branch = "main") const {
    history_.publish(branch, version(number), [](const Digest&) { return VersionFacts(); });
  }
  [[nodiscard]] Digest find(const std::string& text) const { return find_version(workspace_, text).version; }
  [[nodiscard]] std::string failure(const std::string& text) const {
    return error_of([&] { (void)find(text); });
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
  History history_{workspace_, "churn"};
};

TEST_F(Reference, FindsBranchesTagsDigestsAndWhatWasBefore) {
  for (const int number : {1, 2, 3}) publish(number);
  history_.set_branch("trial", version(2));
  publish(4, "trial");
  history_.set_tag("release", version(2), false);
  EXPECT_EQ(find("churn"), version(3));
  EXPECT_EQ(find("churn@main"), version(3));
  EXPECT_EQ(find("churn~1"), version(2));
  EXPECT_EQ(find("churn@main~2"), version(1));
  EXPECT_EQ(find("churn@trial"), version(4));
  EXPECT_EQ(find("churn@trial~1"), version(2));
  EXPECT_EQ(find("churn@release"), version(2));
  EXPECT_EQ(find("churn@" + version(3).hex().substr(0, 6)), version(3));
  EXPECT_EQ(find("churn@" + version(3).hex() + "~2"), version(1));
  EXPECT_EQ(find("churn@" + version(9).hex()), version(9)) << "a digest in full need not be published";
}

TEST_F(Reference, TheOnlyBranchNeedsNoName) {
  publish(1, "trial");
  EXPECT_EQ(find("churn"), version(1));
  publish(2, "other");
  EXPECT_TRUE(contains(failure("churn"), "has no branch, tag or version 'main'; it has other, trial"));
  publish(3);
  EXPECT_EQ(find("churn"), version(3));
}

TEST_F(Reference, SaysWhatThereIsInstead) {
  EXPECT_TRUE(contains(failure("churn"), "6: there is no dataset 'churn'"));
  publish(1);
  publish(2);
  EXPECT_TRUE(contains(failure("chrun"), "there is no dataset 'chrun'"));
  EXPECT_TRUE(contains(failure("chrun"), "(did you mean 'churn'?)"));
  EXPECT_TRUE(contains(failure("churn@mian"), "(did you mean 'main'?); it has main"));
  EXPECT_TRUE(contains(failure("churn@abc"), "6: dataset 'churn' has no branch, tag or version 'abc'"));
  EXPECT_TRUE(
      contains(failure("churn~2"), "6: 'churn~2' goes back further than the history: 1 version before"));
  for (const char* text : {"", "@main", "churn@", "churn@~1", "churn~", "churn~x", "churn~-1", "churn~1~1",
                           "churn~99999999999999999999", "../churn", "churn@../main"}) {
    EXPECT_TRUE(failure(text).starts_with("2: ")) << text << ": " << failure(text);
  }
}

}  // namespace
}  // namespace millrace
