#include "registry/hooks.hpp"

#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/signals.hpp"
#include "registry/people.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

class HooksTest : public ::testing::Test {
 protected:
  void set_hooks(const std::string& yaml) { publish_file(folder_ / "hooks.yaml", yaml); }
  // An entry of hooks.yaml that runs a shell's script.
  static std::string shell(const std::string& script, const std::string& more = "") {
    return "{ command: [sh, -c, '" + script + "']" + more + " }";
  }
  // A line for the hook's name in `said`.
  std::string says(const std::string& word, const std::string& then = "") const {
    return shell("echo " + word + " >>" + (folder_ / "said") + then);
  }
  [[nodiscard]] std::string said() const {
    return path_exists(folder_ / "said") ? read_file(folder_ / "said") : "";
  }
  [[nodiscard]] Hooks hooks() const { return Hooks(folder_.path()); }

  ModelVersion enter() { return register_version(registry_, hooks(), {"churn", {{"run", "r1"}}, {}}); }
  StageChange move(const std::string& stage) {
    return change_stage(registry_, hooks(), "churn", 1, stage, "why");
  }
  // The refusal's message; the journal must be as it was.
  template <class Action>
  std::string refusal(const Action& action) {
    const auto before = journal();
    std::string message;
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kGateNotPassed) << error.message();
      message = error.message();
    }
    EXPECT_NE(message, "");
    EXPECT_EQ(journal(), before);
    return message;
  }
  [[nodiscard]] std::map<std::string, std::string> journal() const {
    std::map<std::string, std::string> files;
    for (const std::string& name : list_folder(folder_ / "registry"))
      files[name] = read_file(folder_ / ("registry/" + name));
    return files;
  }

  TemporaryFolder folder_;
  Registry registry_{folder_ / "registry"};
};

TEST_F(HooksTest, RunInOrderBeforeAndAfter) {
  set_hooks("before: { register: [" + says("one") + ", " + says("two") + "] }\n" + "after: { register: [" +
            says("three") + ", " + says("four") + "] }\n");
  EXPECT_EQ(enter().version, 1U);
  EXPECT_EQ(said(), "one\ntwo\nthree\nfour\n");
}

TEST_F(HooksTest, OnlyThoseOfTheAction) {
  set_hooks("before: { promote: [" + says("promote") + "], demote: [" + says("demote") + "] }\n");
  enter();
  EXPECT_EQ(said(), "");
  move("Production");
  EXPECT_EQ(said(), "promote\n");
  move("Staging");
  EXPECT_EQ(said(), "promote\ndemote\n");
}

TEST_F(HooksTest, ReadTheEventOnStandardInput) {
  set_hooks("before: { register: [{ command: [sh, -c, 'cat >\"$0\"', " + (folder_ / "register") + "] }],\n" +
            "          promote: [{ command: [sh, -c, 'cat >\"$0\"', " + (folder_ / "before") + "] }] }\n" +
            "after: { promote: [{ command: [sh, -c, 'cat >\"$0\"', " + (folder_ / "after") + "] }] }\n");
  enter();
  Json event = read_json_file(folder_ / "register");
  EXPECT_EQ(event["action"], "register");
  EXPECT_EQ(event["model"], "churn");
  EXPECT_EQ(event["details"], (Json{{"run", "r1"}}));
  EXPECT_FALSE(event.contains("version"));
  move("Production");
  event = read_json_file(folder_ / "before");
  const Json expected{{"action", "promote"},  {"when", "before"},    {"model", "churn"},
                      {"version", 1},         {"from", "None"},      {"to", "Production"},
                      {"comment", "why"},     {"artifact", nullptr}, {"workspace", folder_.path()},
                      {"time", event["time"]}};
  EXPECT_EQ(event, expected);
  event = read_json_file(folder_ / "after");
  EXPECT_EQ(event["when"], "after");
  EXPECT_EQ(event["entry"], 2);
}

TEST_F(HooksTest, ARefusalChangesNothingAndEndsTheList) {
  set_hooks("before: { register: [" + shell("echo no owner >&2; exit 3") + ", " + says("second") + "] }\n" +
            "after: { register: [" + says("after") + "] }\n");
  const std::string message = refusal([&] { enter(); });
  EXPECT_NE(message.find("ended with code 3: 'no owner'"), std::string::npos) << message;
  EXPECT_EQ(said(), "");
}

TEST_F(HooksTest, HowAHookFailsIsSaid) {
  enter();
  for (const auto& [hook, part] : std::map<std::string, std::string>{
           {shell("kill -9 $$"), "ended with code 137: it said nothing"},
           {"{ command: [no-such-program] }", "start 'no-such-program'"},
           {shell("sleep 30", ", timeout_seconds: 0.2"), "took longer than 0.2 s"}}) {
    set_hooks("before: { promote: [" + hook + "] }\n");
    const std::string message = refusal([&] { move("Production"); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_NE(message.find("promote churn/1"), std::string::npos) << message;
  }
}

TEST_F(HooksTest, TheTimeLimitEndsWhatTheHookHasStarted) {
  const std::string file = folder_ / "grandchild";
  for (double limit = 0.3; !path_exists(file); limit *= 2) {  // a busy machine needs longer to get there
    set_hooks("before: { register: [" +
              shell("sleep 1000 & echo $! >" + file + ".new; mv " + file + ".new " + file + "; wait",
                    fmt::format(", timeout_seconds: {}", limit)) +
              "] }\n");
    refusal([&] { enter(); });
  }
  const pid_t grandchild = std::stoi(read_file(file));
  for (int i = 0; i < 2000 && ::kill(grandchild, 0) == 0; ++i)
    ::usleep(5000);  // until init has waited for it
  EXPECT_NE(::kill(grandchild, 0), 0);
}

TEST_F(HooksTest, AFailureAfterwardsIsHeardAndTheOthersRun) {
  set_hooks("after: { register: [" + shell("echo unreachable >&2; exit 1") +
            ", { command: [no-such-program] }, " + says("third") + "] }\n");
  std::vector<std::string> heard;
  const auto version = register_version(registry_, hooks(), {"churn", Json::object(), {}},
                                        [&](const std::string& message) { heard.push_back(message); });
  EXPECT_EQ(registry_.state().versions.size(), 1U);
  EXPECT_EQ(version.version, 1U);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_NE(heard[0].find("ended with code 1: 'unreachable'"), std::string::npos) << heard[0];
  EXPECT_NE(heard[1].find("no-such-program"), std::string::npos);
  EXPECT_EQ(said(), "third\n");
}

// The hook does what another writer does meanwhile.
TEST_F(HooksTest, TheRegistryJudgesTheChangeAsThingsAreAfterTheHook) {
  enter();
  set_hooks("before: { promote: [" + says("asked") + "], register: [" + says("asked") + "] }\n");
  const Hooks now = hooks();
  registry_.change_stage("churn", 1, "Production", "");
  EXPECT_THROW(change_stage(registry_, now, "churn", 1, "Production", ""), Error);
  EXPECT_EQ(register_version(registry_, now, {"churn", Json::object(), {}}).version, 2U);
}

TEST_F(HooksTest, RelativePathsAreTheWorkspaces) {
  publish_file(folder_ / "check", "#!/bin/sh\necho checked >>\"$(dirname \"$0\")/said\"\n");
  std::filesystem::permissions(folder_ / "check", std::filesystem::perms{0755});
  set_hooks("before: { register: [{ command: [./check] }] }\n");
  enter();
  EXPECT_EQ(said(), "checked\n");
}

TEST_F(HooksTest, LeaveNothingBehind) {
  set_hooks("before: { register: [" + says("one") + "] }\nafter: { register: [" + shell("exit 1") + "] }\n");
  enter();
  EXPECT_TRUE(list_folder(folder_ / "tmp").empty());
}

TEST_F(HooksTest, AStopEndsTheHookAndChangesNothing) {
  set_hooks("before: { register: [" + shell("kill -TERM $PPID; sleep 60") + "] }\n");
  try {
    enter();
    ADD_FAILURE() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kStopped);
  }
  clear_stop_request();
  EXPECT_TRUE(journal().empty());
}

// Whatever command brings the statement.
TEST(HooksOfSignOffs, AreThoseOfTheVote) {
  GuardedRegistry guarded;
  std::string yaml = "before:\n";
  for (const char* action : {"approve", "reject", "withdraw"})
    yaml += fmt::format("  {0}: [{{ command: [sh, -c, 'cat >\"$0\"', {1}] }}]\n", action,
                        guarded.folder / action);
  publish_file(guarded.folder / "hooks.yaml", yaml);
  const Hooks hooks(guarded.folder.path());
  const auto record = [&](const std::string& person, const Statement& statement) {
    const std::string text = to_text(statement);
    return record_sign_off(guarded.registry, hooks, text,
                           sign(text, guarded.people.key(person), kSignOffSignature));
  };
  record("anna@lab", guarded.about(1, "data-scientist"));
  EXPECT_EQ(read_json_file(guarded.folder / "approve")["statement"]["role"], "data-scientist");
  EXPECT_FALSE(path_exists(guarded.folder / "reject"));
  const SignOff no = record("carl@lab", guarded.about(1, "compliance", Vote::kReject));
  EXPECT_EQ(read_json_file(guarded.folder / "reject")["statement"]["version"], 1);
  Statement back;
  back.vote = Vote::kWithdraw;
  back.withdraws = no.entry;
  record("carl@lab", as_of(guarded.registry.state(), back));
  EXPECT_EQ(read_json_file(guarded.folder / "withdraw")["statement"]["withdraws"], no.entry);
}

TEST_F(HooksTest, MistakesInTheFileAreNamed) {
  for (const auto& [yaml, part] : std::map<std::string, std::string>{
           {"befor: {}\n", "befor"},
           {"before: { promot: [] }\n", "promot"},
           {"before: { promote: [{ command: [] }] }\n", "command"},
           {"before: { promote: [{ timeout_seconds: 3 }] }\n", "command"},
           {"before: { promote: [{ command: [x], timeout_seconds: 0 }] }\n", "timeout_seconds"},
           {"before: { promote: [{ command: [x], shell: true }] }\n", "shell"},
           {"before: { promote: x }\n", "promote"}}) {
    set_hooks(yaml);
    try {
      (void)hooks();
      ADD_FAILURE() << yaml;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage) << error.message();
      EXPECT_NE(error.message().find("hooks.yaml:1:"), std::string::npos) << error.message();
      EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
    }
  }
}

}  // namespace
}  // namespace millrace
