#include "registry/records.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "registry/garbage.hpp"
#include "registry/search.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

Json configuration(int epochs) {
  return {{"training", {{"epochs", epochs}}}};
}

class RegistryRecords : public testing::Test {
 protected:
  RegistryRecords() {
    for (const int epochs : {3, 3, 5}) {
      (void)registry_.register_version(
          "churn", {{"run", "r"}}, {{"config", configuration(epochs)}, {"environment", {{"mpi", "4.1"}}}});
    }
  }
  std::vector<std::string> files() { return list_folder(folder_ / "registry/records"); }

  TemporaryFolder folder_;
  Registry registry_{folder_ / "registry"};
};

TEST_F(RegistryRecords, EqualOnesAreSharedAndReadBack) {
  EXPECT_EQ(files().size(), 3U);
  const Records records(registry_.folder());
  const Json details = registry_.state().versions[2].details();
  EXPECT_EQ(records.of(details, "config"), configuration(5));
  EXPECT_EQ(records.of(details, "training"), Json());
  EXPECT_EQ(details["records"]["config"], digest_of(canonical_json(configuration(5))).hex());
  EXPECT_EQ(records.of({{"config", configuration(9)}}, "config"),
            configuration(9));  // as older entries hold it
}

TEST_F(RegistryRecords, AreSearched) {
  const auto found = search(registry_.state(), Records(registry_.folder()),
                            "params.training.epochs > 4 and environment.mpi = '4.1'");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]->version, 3U);
}

TEST_F(RegistryRecords, AlteredAndMissingOnesAreNamed) {
  const Json details = registry_.state().versions[0].details();
  const std::string path = record_path(registry_.folder(), digest_of(canonical_json(configuration(3))));
  publish_file(path, canonical_json(configuration(4)));
  for (const char* problem : {"was altered", "record"}) {
    try {
      (void)Records(registry_.folder()).of(details, "config");
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kResource);
      EXPECT_NE(error.message().find(path), std::string::npos) << problem << error.message();
    }
    std::filesystem::remove(path);
  }
}

TEST_F(RegistryRecords, OnlyThoseThatNothingNamesAreCollected) {
  using std::chrono::seconds;
  const Digest orphan = write_record(registry_.folder(), {{"of", "a writer that was ended"}});
  EXPECT_EQ(collect_registry_garbage(registry_.folder(), seconds(3600), false).records, 0U);
  EXPECT_EQ(collect_registry_garbage(registry_.folder(), seconds(0), true).records, 1U);
  EXPECT_EQ(files().size(), 4U);
  EXPECT_EQ(collect_registry_garbage(registry_.folder(), seconds(0), false).records, 1U);
  EXPECT_EQ(files().size(), 3U);
  EXPECT_FALSE(path_exists(record_path(registry_.folder(), orphan)));
}

}  // namespace
}  // namespace millrace
