// Under MPI: all ranks find the same damage, whoever reads it.
#include "versions/verify.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

class Verify : public testing::Test {
 protected:
  static constexpr std::size_t kShards = 7;

  Verify() {
    root_ = private_.path();
    world_.broadcast(root_);
    workspace_.emplace(root_);
    std::string version;
    if (world_.is_root()) version = make().hex();
    world_.broadcast(version);
    version_ = Digest::from_hex(version);
    world_.barrier();
  }
  ~Verify() override { world_.barrier(); }

  // A version of so many shards, and a table of rejects.
  Digest make() {
    dataset_.name = "test";
    dataset_.sources = {{"day.csv", 700, digest_of("day"), {}}};
    for (std::size_t i = 0; i < kShards; ++i)
      dataset_.shards.push_back({workspace_->put_object(fmt::format("shard {}", i)), 1, 1, 0, 100 * i});
    dataset_.rejects = {1, {{"cast", 1}}, Json::array(), workspace_->put_object("rejects"), {}};
    return workspace_->put_object(canonical_json(dataset_));
  }

  // On one rank, while the others wait.
  void damage(const std::string& content, const std::string& instead) {
    if (world_.is_root()) publish_file(workspace_->object_path(digest_of(content)), instead);
    world_.barrier();
  }

  Communicator world_ = Communicator::world();
  testing_support::TemporaryFolder private_;
  std::string root_;
  std::optional<Workspace> workspace_;
  Dataset dataset_;
  Digest version_;
};

TEST_F(Verify, FindsNothingInASoundVersion) {
  const Verification result = verify_version(world_, *workspace_, version_);
  EXPECT_EQ(result.objects, kShards + 2);
  EXPECT_EQ(result.bytes, 7 * kShards + 7);
  EXPECT_TRUE(result.damaged.empty());
}

TEST_F(Verify, LocatesAllDamageOnAllRanks) {
  damage("shard 2", "shard X");
  damage("rejects", "reject");
  if (world_.is_root()) std::filesystem::remove(workspace_->object_path(digest_of("shard 5")));
  world_.barrier();
  const Verification result = verify_version(world_, *workspace_, version_);
  ASSERT_EQ(result.damaged.size(), 3U);
  EXPECT_EQ(result.damaged[0].path, workspace_->object_path(digest_of("shard 2")));
  EXPECT_EQ(result.damaged[0].part, "rows of day.csv from byte 200 on");
  EXPECT_EQ(result.damaged[0].reason, "its bytes do not match its name");
  EXPECT_EQ(result.damaged[1].reason, "it is missing");
  EXPECT_EQ(result.damaged[2].part, "the table of rejected records");
}

TEST_F(Verify, AManifestThatIsDamagedOrGoneIsAnErrorOnAllRanks) {
  if (world_.is_root()) publish_file(workspace_->object_path(version_), "{}");
  world_.barrier();
  EXPECT_TRUE(contains(error_of([&] { (void)verify_version(world_, *workspace_, version_); }), "is damaged"));
  EXPECT_TRUE(
      contains(error_of([&] { (void)verify_version(world_, *workspace_, digest_of("x")); }), "6: version"));
}

}  // namespace
}  // namespace millrace
