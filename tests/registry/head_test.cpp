#include "registry/head.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

Registry three_versions(const std::string& folder, const char* first) {
  Registry registry(folder);
  for (const char* run : {first, "b", "c"}) (void)registry.register_version("churn", {{"run", run}});
  return registry;
}

TEST(Head, IsReadBack) {
  const TemporaryFolder folder;
  const HeadStatement head = head_of(three_versions(folder.path(), "a").state());
  EXPECT_EQ(head.entries, 3U);
  const HeadStatement back = parse_head(to_text(head));
  EXPECT_EQ(back.entries, head.entries);
  EXPECT_EQ(back.head, head.head);
  EXPECT_EQ(back.time, head.time);
  for (const char* text : {"", "{}", R"({"purpose": "millrace sign-off"})"})
    EXPECT_THROW((void)parse_head(text), Error);
  EXPECT_THROW((void)head_of({}), Error);
}

TEST(Head, ShowsThatAHistoryWasCutOrReplaced) {
  const TemporaryFolder folder;
  Registry registry = three_versions(folder / "one", "a");
  const HeadStatement head = head_of(registry.state());
  registry.describe("churn", 3, "goes on");
  EXPECT_EQ(contradiction(registry.state(), head), "");
  std::filesystem::remove(folder / "one/000000004.json");
  std::filesystem::remove(folder / "one/000000003.json");
  const RegistryState cut = Registry(folder / "one").state();
  EXPECT_NE(contradiction(cut, head).find("had 3 entries"), std::string::npos) << contradiction(cut, head);
  const Registry other = three_versions(folder / "two", "z");
  EXPECT_NE(contradiction(other.state(), head).find("entry 3 is not what it was"), std::string::npos);
}

}  // namespace
}  // namespace millrace
