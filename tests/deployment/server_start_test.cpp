#include "deployment/server_start.hpp"

#include <gtest/gtest.h>

#include "base/topics.hpp"

namespace millrace {
namespace {

// Looks a second apart; the server answers from `answers_from` on.
class ServerStartOf : public testing::Test {
 protected:
  // The seconds until the waiting ends.
  double run() {
    ServerStart start(
        "workspace", "churn", 60,
        {[this] { return now_ >= answers_from_; }, [this] { return submit(); }, [this] { return now_; }});
    for (; now_ < 1000; ++now_)
      if (start.look()) return now_;
    ADD_FAILURE() << "it does not end";
    return now_;
  }
  std::optional<std::string> submit() {
    ++submitted_;
    if (refuses_) throw Error(Topic::kResource, "'sbatch' ended with code 1: invalid partition");
    return job_;
  }

  double now_ = 0;
  double answers_from_ = 1e9;
  int submitted_ = 0;
  bool refuses_ = false;
  std::optional<std::string> job_ = "4711";
};

TEST_F(ServerStartOf, OneThatAnswersIsUsed) {
  answers_from_ = 0;
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(submitted_, 0);
}

TEST_F(ServerStartOf, OneThatIsMissingIsSubmittedOnceAndWaitedFor) {
  answers_from_ = 30;
  EXPECT_EQ(run(), 30);
  EXPECT_EQ(submitted_, 1);
}

TEST_F(ServerStartOf, OneThatWaitsInTheQueueIsWaitedFor) {
  answers_from_ = 30;
  job_.reset();
  EXPECT_EQ(run(), 30);
}

TEST_F(ServerStartOf, ThePatienceEndsIt) {
  EXPECT_EQ(run(), 61);
  EXPECT_EQ(submitted_, 1);
}

TEST_F(ServerStartOf, WhatCannotBeSubmittedIsNotWaitedFor) {
  refuses_ = true;
  EXPECT_EQ(run(), 0);
}

}  // namespace
}  // namespace millrace
