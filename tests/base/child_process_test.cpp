#include "base/child_process.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class ChildProcess : public testing::Test {
 protected:
  int run(const std::string& script, double limit = 30,
          const std::vector<std::string>& variables = {}) const {
    return run_child({"sh", "-c", script}, {folder_ / "out", folder_ / "err"}, limit, variables);
  }
  [[nodiscard]] std::string out() const { return read_file(folder_ / "out"); }

  testing_support::TemporaryFolder folder_;
};

TEST_F(ChildProcess, TellsHowTheProgramEnded) {
  EXPECT_EQ(run("exit 0"), 0);
  EXPECT_EQ(run("exit 7"), 7);
  EXPECT_EQ(run("kill -9 $$"), 128 + SIGKILL);
  EXPECT_THROW(run_child({folder_ / "no-such-program"}, {"/dev/null", "/dev/null"}, 30), Error);
}

TEST_F(ChildProcess, KeepsItsOutput) {
  EXPECT_EQ(run("echo out; echo err >&2"), 0);
  EXPECT_EQ(out(), "out\n");
  EXPECT_EQ(read_file(folder_ / "err"), "err\n");
  EXPECT_EQ(run_child({"sh", "-c", "echo out; echo err >&2"}, {folder_ / "both", folder_ / "both"}, 30), 0);
  EXPECT_EQ(read_file(folder_ / "both"), "out\nerr\n");
}

TEST_F(ChildProcess, GivesItNoInput) {
  EXPECT_EQ(run("cat"), 0);
  EXPECT_EQ(out(), "");
}

TEST_F(ChildProcess, GivesItTheFileAsInput) {
  publish_file(folder_ / "in", "one\ntwo\n");
  EXPECT_EQ(run_child({"cat"}, {folder_ / "out", folder_ / "err", folder_ / "in"}, 30), 0);
  EXPECT_EQ(out(), "one\ntwo\n");
  EXPECT_THROW(run_child({"cat"}, {folder_ / "out", folder_ / "err", folder_ / "missing"}, 30), Error);
}

TEST_F(ChildProcess, WhatItSaidLastIsShort) {
  publish_file(folder_ / "said", "");
  EXPECT_EQ(last_words(folder_ / "said"), "");
  publish_file(folder_ / "said", std::string(5000, 'x') + "\nnearly\nlast\n\n");
  const std::string words = last_words(folder_ / "said");
  EXPECT_LT(words.size(), 2100U);
  EXPECT_TRUE(words.ends_with("x; nearly; last")) << words;
}

TEST_F(ChildProcess, EndsItsWholeGroupAtTheLimit) {
  EXPECT_EQ(run("sleep 60 & echo $! ; wait", 0.3), kOutlasted);
  const pid_t grandchild = std::stoi(out());
  for (int i = 0; i < 2000 && ::kill(grandchild, 0) == 0; ++i)
    ::usleep(5000);  // until init has waited for it
  EXPECT_NE(::kill(grandchild, 0), 0);
}

TEST_F(ChildProcess, IsNoRankOfOurJob) {
  ::setenv("MILLRACE_TEST_KEPT", "kept", 1);
  ::setenv("OMPI_COMM_WORLD_SIZE", "2", 1);
  ::setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
  EXPECT_EQ(run("echo $MILLRACE_TEST_KEPT $OMPI_COMM_WORLD_SIZE $OMPI_ALLOW_RUN_AS_ROOT $ADDED", 30,
                {"ADDED=added"}),
            0);
  EXPECT_EQ(out(), "kept 1 added\n");
  ::unsetenv("OMPI_COMM_WORLD_SIZE");
  EXPECT_EQ(run("echo $OMPI_ALLOW_RUN_AS_ROOT"), 0);
  EXPECT_EQ(out(), "1\n");
}

}  // namespace
}  // namespace millrace
