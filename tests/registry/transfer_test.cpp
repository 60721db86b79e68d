#include "registry/transfer.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "packaging/archive.hpp"
#include "registry/records.hpp"
#include "registry/registry.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

class Transfer : public testing::Test {
 protected:
  Transfer() {
    home_.prepare();
    artifact_ = home_.put_object("an artifact");
    register_one("a");
    Registry(home_.path("registry")).record_artifact("churn", 1, artifact_);
  }
  void register_one(const std::string& run, const Workspace* where = nullptr) {
    Registry registry((where == nullptr ? home_ : *where).path("registry"));
    (void)registry.register_version("churn", {{"run", run}}, {{"config", {{"name", run}}}});
  }
  static std::string refusal(const Workspace& workspace, const std::string& file) {
    try {
      (void)import_registry(workspace, file);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource) << error.message();
      return error.message();
    }
    return "no error";
  }
  static Digest head(const Workspace& workspace) { return Registry(workspace.path("registry")).state().head; }

  TemporaryFolder folder_;
  Workspace home_{folder_ / "home"};
  Workspace copy_{folder_ / "copy"};
  std::string file_ = folder_ / "registry.tar.zst";
  Digest artifact_;
};

TEST_F(Transfer, ACopyIsTheSameRegistryAndFollows) {
  const Transferred sent = export_registry(home_, file_, true);
  EXPECT_EQ(sent.entries, 2U);
  EXPECT_EQ(sent.objects, 1U);
  EXPECT_EQ(import_registry(copy_, file_).entries, 2U);
  EXPECT_EQ(head(copy_), head(home_));
  EXPECT_EQ(copy_.get_object(artifact_), "an artifact");
  EXPECT_EQ(import_registry(copy_, file_).entries, 0U);
  register_one("b");
  (void)export_registry(home_, file_, false);
  const Transferred more = import_registry(copy_, file_);
  EXPECT_EQ(more.entries, 1U);
  EXPECT_EQ(more.records, 1U);
  const RegistryState state = Registry(copy_.path("registry")).state();
  EXPECT_EQ(Records(copy_.path("registry")).of(state.versions[1].details(), "config")["name"], "b");
}

TEST_F(Transfer, EqualRegistriesGiveEqualFiles) {
  (void)export_registry(home_, file_, true);
  (void)export_registry(home_, folder_ / "again.tar.zst", true);
  EXPECT_EQ(read_file(file_), read_file(folder_ / "again.tar.zst"));
}

TEST_F(Transfer, AnotherHistoryIsRefusedAndNothingIsTaken) {
  (void)export_registry(home_, file_, true);
  register_one("z", &copy_);
  const Digest before = head(copy_);
  EXPECT_NE(refusal(copy_, file_).find("entry 000000001.json is another one here"), std::string::npos);
  EXPECT_EQ(head(copy_), before);
  EXPECT_FALSE(copy_.has_object(artifact_));
}

TEST_F(Transfer, WhatIsWrongWithAFileIsSaidBeforeAnythingIsTaken) {
  const std::string first = read_file(home_.path("registry/000000001.json"));
  const std::string second = read_file(home_.path("registry/000000002.json"));
  std::string altered = first;
  altered.replace(altered.find("\"run\":\"a\""), 9, "\"run\":\"b\"");
  const std::string zeros(64, '0');
  const std::vector<std::pair<std::vector<ArchivePart>, std::string>> cases{
      {{}, "no entries"},
      {{{"entries/000000002.json", second}}, "is missing"},
      {{{"entries/000000001.json", altered}, {"entries/000000002.json", second}}, "was altered"},
      {{{"entries/000000001.json", first}, {"records/" + zeros + ".json", "{}"}}, "do not match its name"},
      {{{"entries/000000001.json", first}, {"objects/" + zeros, "x"}}, "do not match its name"},
      {{{"entries/../../escaped.json", first}}, "it has a part"},
      {{{"elsewhere", first}}, "it has a part 'elsewhere'"},
  };
  for (const auto& [parts, says] : cases) {
    write_archive(file_, parts);
    const std::string message = refusal(copy_, file_);
    EXPECT_NE(message.find(says), std::string::npos) << message << " / " << says;
    EXPECT_EQ(Registry(copy_.path("registry")).state().entries, 0U);
    EXPECT_TRUE(list_folder(copy_.temporary_folder()).empty());
  }
}

}  // namespace
}  // namespace millrace
