#include "base/faults.hpp"

#include <cerrno>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

// What `body` throws under `plan` as rank `rank`; "" where it ends well.
template <class Body>
std::string under(const std::string& plan, Body&& body, int rank = 0) {
  FaultyOperations operations(parse_fault_plan(plan), rank);
  const ScopedFileOperations scope(operations);
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    return error.message();
  }
  return "";
}

TEST(FaultPlan, ReadsEveryPartOfTheLanguage) {
  const FaultPlan plan = parse_fault_plan(
      " write:17:ENOSPC@rank1; sync:3+:EIO;read:40:short;collective:9:delay=0.5s ; bitflip:journal; count; "
      "score:churn/8:delay=0.2s");
  ASSERT_EQ(plan.faults.size(), 4U);
  EXPECT_EQ(plan.faults[0].error_number, ENOSPC);
  EXPECT_EQ(plan.faults[0].rank, 1);
  EXPECT_TRUE(plan.faults[0].hits(Operation::kWrite, 17));
  EXPECT_FALSE(plan.faults[0].hits(Operation::kWrite, 18));
  EXPECT_FALSE(plan.faults[0].hits(Operation::kSync, 17));
  EXPECT_TRUE(plan.faults[1].hits(Operation::kSync, 1000));
  EXPECT_FALSE(plan.faults[1].hits(Operation::kSync, 2));
  EXPECT_EQ(plan.faults[2].effect, FaultEffect::kShort);
  EXPECT_DOUBLE_EQ(plan.faults[3].seconds, 0.5);
  ASSERT_EQ(plan.flips.size(), 1U);
  EXPECT_EQ(plan.flips[0].kind, PublishedKind::kJournal);
  ASSERT_EQ(plan.slow_versions.size(), 1U);
  EXPECT_EQ(plan.slow_versions[0].name, "churn/8");
  EXPECT_DOUBLE_EQ(plan.slow_versions[0].seconds, 0.2);
  EXPECT_TRUE(plan.count);
  EXPECT_TRUE(parse_fault_plan("").faults.empty());
}

TEST(FaultPlan, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"wrte:1:EIO", "'wrte' is no operation"},
      {"write:0:EIO", "from 1"},
      {"write:-1:EIO", "'-1' is no number"},
      {"write::EIO", "'' is no number"},
      {"write:1", "OPERATION:NUMBER:EFFECT"},
      {"write:1:EWRONG", "'EWRONG' cannot happen to a write"},
      {"sync:1:short", "'short' cannot happen to a sync"},
      {"collective:1:EIO", "'EIO' cannot happen to a collective"},
      {"write:1:delay=s", "'' is no number of seconds"},
      {"write:1:EIO@rankx", "'x' is no rank"},
      {"score:churn/8:EIO", "score:MODEL/VERSION:delay=SECONDSs"},
      {"score:churn/8", "score:MODEL/VERSION:delay=SECONDSs"},
      {"bitflip:champion", "'champion' is no published file"},
  };
  for (const auto& [text, words] : mistakes) {
    try {
      parse_fault_plan(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage) << text;
      EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
      EXPECT_NE(error.message().find(text), std::string::npos) << error.message();
    }
  }
}

TEST(Faults, HitTheOperationThatTheyNameAndNoOther) {
  const TemporaryFolder folder;
  const auto publish_three = [&] {
    for (const char* name : {"a", "b", "c"}) publish_file(folder / name, name);
  };
  EXPECT_NE(under("write:2:ENOSPC", publish_three).find("No space left on device"), std::string::npos);
  EXPECT_EQ(list_folder(folder.path()), (std::vector<std::string>{"a"}));
  EXPECT_NE(under("rename:3:EIO", publish_three).find("/c'"), std::string::npos);
  EXPECT_NE(under("sync:1:EIO", publish_three).find("Input/output error"), std::string::npos);
  EXPECT_NE(under("open:1:EMFILE", publish_three).find("Too many open files"), std::string::npos);
  EXPECT_EQ(under("write:4+:ENOSPC; link:1:EPERM; collective:1:drop", publish_three), "");
  EXPECT_EQ(under("write:1+:ENOSPC@rank1", publish_three, 0), "");
  EXPECT_NE(under("write:1+:ENOSPC@rank1", publish_three, 1), "");
}

TEST(Faults, ShortTransfersLoseNothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(under("write:1+:short; read:1+:short; open:1:delay=0.01s",
                  [&] {
                    publish_file(folder / "text", "a text of some length");
                    EXPECT_EQ(read_file(folder / "text"), "a text of some length");
                  }),
            "");
}

TEST(Faults, FlipOneBitOfTheNextFileOfAKind) {
  const TemporaryFolder folder;
  EXPECT_EQ(under("bitflip:object",
                  [&] {
                    publish_file(folder / "registry/1", "0000");
                    publish_file(folder / "objects/1", "0000");
                    publish_file(folder / "objects/2", "0000");
                  }),
            "");
  EXPECT_EQ(read_file(folder / "registry/1"), "0000");
  EXPECT_EQ(read_file(folder / "objects/1"), "0010");
  EXPECT_EQ(read_file(folder / "objects/2"), "0000");
}

TEST(Faults, CountWhatThereWas) {
  const TemporaryFolder folder;
  FaultyOperations operations(parse_fault_plan("count"), 0);
  const ScopedFileOperations scope(operations);
  publish_file(folder / "a", "x");
  operations.at_collective();
  // To write, to sync the file, to sync its folder.
  EXPECT_EQ(operations.counts(), "open 3, read 0, write 1, sync 2, rename 1, link 0, collective 1");
}

// How a child ends that publishes a file under `plan`: waitpid's status, also of a child that has stopped.
int end_under(const std::string& plan, const std::string& path, pid_t& child) {
  child = ::fork();
  if (child == 0) {
    under(plan, [&] { publish_file(path, "x"); });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, WUNTRACED);
  return status;
}

TEST(Faults, AProcessDropsOutOrFreezes) {
  const TemporaryFolder folder;
  pid_t child = 0;
  const int dropped = end_under("sync:1:drop", folder / "a", child);
  EXPECT_TRUE(WIFEXITED(dropped));
  EXPECT_EQ(WEXITSTATUS(dropped), 137);
  EXPECT_FALSE(path_exists(folder / "a"));
  const int frozen = end_under("sync:1:freeze", folder / "b", child);
  ASSERT_TRUE(WIFSTOPPED(frozen));
  ::kill(child, SIGCONT);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(path_exists(folder / "b"));
}

}  // namespace
}  // namespace millrace
