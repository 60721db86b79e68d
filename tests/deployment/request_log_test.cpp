#include "deployment/request_log.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class RequestLog : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    publish_file(folder_ / "deploy/churn/requests/" + name, text);
  }
  static std::string line(const std::string& id, int row = 0) {
    return Json{{"time", "2026-01-01T00:00:00.000Z"},
                {"id", id},
                {"time", "2026-11-27T10:00:00.5Z"},
                {"key", id},
                {"model", "churn"},
                {"version", 7},
                {"arm", "current"},
                {"row", row},
                {"inputs", {{"age", 40}}},
                {"prediction", 0.25}}
               .dump() +
           "\n";
  }
  std::string ids() {
    std::string found;
    read_request_log(folder_.path(), "churn", [&](const LoggedAnswer& answer) {
      found += fmt::format("{}#{} ", answer.id, answer.row);
      EXPECT_EQ(answer.version, 7U);
      EXPECT_EQ(answer.prediction, 0.25);
    });
    return found;
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(RequestLog, GivesEachAnswerOfAllFilesInOrder) {
  EXPECT_EQ(ids(), "");
  write("b.jsonl", line("3"));
  write("a.jsonl", line("1") + line("2") + line("2", 1));
  write("notes.txt", "{");
  EXPECT_EQ(ids(), "1#0 2#0 2#1 3#0 ");
}

TEST_F(RequestLog, LeavesOutWhatIsStillBeingWritten) {
  write("a.jsonl", line("2") + line("3").substr(0, 20));
  EXPECT_EQ(ids(), "2#0 ");
}

TEST_F(RequestLog, LeavesOutWhatACrashHasTornAndSaysWhere) {
  for (const char* bad : {"{\n", "{}\n", "[1]\n",
                          R"({"id": "1", "row": 0, "model": "m", "version": 7, "time": "yesterday"})"
                          "\n"}) {
    write("a.jsonl", line("1") + bad + line("2"));
    testing::internal::CaptureStderr();
    EXPECT_EQ(ids(), "1#0 2#0 ") << bad;
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("a.jsonl:2"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace millrace
