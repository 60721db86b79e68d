#include "versions/diff.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"
#include "versions/profiles.hpp"

namespace millrace {
namespace {

using testing_support::profile_of_numbers;
using testing_support::profile_of_texts;

class Diff : public testing::Test {
 protected:
  // A source of each text, one shard each with as many rows as the text has bytes; named day-0.csv, ….
  Dataset dataset(const std::vector<std::string>& days) {
    Dataset made;
    made.schema = Schema({{"age", ColumnType::kReal}, {"plan", ColumnType::kText}});
    made.profile = {profile_of_numbers({1, 2}), profile_of_texts({"a"})};
    made.inference_notes = {"", ""};
    for (const std::string& day : days) {
      const auto number = static_cast<std::uint32_t>(made.sources.size());
      made.sources.push_back({fmt::format("day-{}.csv", number), 2 * day.size(), digest_of(day), {}});
      made.shards.push_back({workspace_.put_object("shard of " + day), day.size(), day.size(), number, 0});
    }
    return made;
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
};

TEST_F(Diff, OfAVersionWithItselfIsNothing) {
  const Dataset same = dataset({"one", "three"});
  const Json diff = diff_datasets(workspace_, same, same);
  EXPECT_EQ(diff["rows"], Json::parse("[8, 8]"));
  for (const char* key : {"added", "removed", "retyped"}) EXPECT_TRUE(diff["schema"][key].empty()) << key;
  EXPECT_EQ(diff["schema"]["reordered"], false);
  for (const char* key : {"added", "removed", "changed"}) EXPECT_TRUE(diff["sources"][key].empty()) << key;
  EXPECT_EQ(diff["sources"]["unchanged"], 2);
  EXPECT_EQ(diff["shards"]["shared"], 2);
  EXPECT_EQ(diff["shards"]["shared_bytes"],
            std::string("shard of one").size() + std::string("shard of three").size());
  EXPECT_EQ(diff["shards"]["new"], 0);
  for (const Json& column : diff["columns"]) EXPECT_EQ(column["psi"], 0.0);
}

TEST_F(Diff, ANewDayIsAPartitionAndAShard) {
  const Json diff = diff_datasets(workspace_, dataset({"one"}), dataset({"one", "seven"}));
  EXPECT_EQ(diff["rows"], Json::parse("[3, 8]"));
  EXPECT_EQ(diff["sources"]["added"], Json::parse(R"([{"name": "day-1.csv", "rows": 5, "bytes": 10}])"));
  EXPECT_EQ(diff["sources"]["unchanged"], 1);
  EXPECT_EQ(diff["shards"]["shared"], 1);
  EXPECT_EQ(diff["shards"]["new"], 1);
  EXPECT_EQ(diff["shards"]["new_bytes"], std::string("shard of seven").size());
  const Json back = diff_datasets(workspace_, dataset({"one", "seven"}), dataset({"one"}));
  EXPECT_EQ(back["sources"]["removed"], diff["sources"]["added"]);
  EXPECT_EQ(back["shards"]["gone_bytes"], diff["shards"]["new_bytes"]);
}

TEST_F(Diff, AFileOfOtherContentIsAChangedOneAndARenamedOneIsNot) {
  Dataset after = dataset({"one", "sevens"});
  const Json diff = diff_datasets(workspace_, dataset({"one", "seven"}), after);
  EXPECT_EQ(diff["sources"]["changed"],
            Json::parse(R"([{"name": "day-1.csv", "rows": [5, 6], "bytes": [10, 12]}])"));
  Dataset renamed = dataset({"one", "seven"});
  renamed.sources[1].name = "last.csv";
  EXPECT_EQ(diff_datasets(workspace_, dataset({"one", "seven"}), renamed)["sources"]["unchanged"], 2);
}

TEST_F(Diff, FilesOfOneNameArePairedInOrder) {
  Dataset before = dataset({"one", "seven"});
  Dataset after = dataset({"ones", "seventy"});
  for (Dataset* each : {&before, &after}) {
    for (SourceFile& source : each->sources) source.name = "data.csv";
  }
  const Json changed = diff_datasets(workspace_, before, after)["sources"]["changed"];
  ASSERT_EQ(changed.size(), 2U);
  EXPECT_EQ(changed[0]["rows"], Json::parse("[3, 4]"));
  EXPECT_EQ(changed[1]["rows"], Json::parse("[5, 7]"));
}

TEST_F(Diff, NamesColumnsThatCameWentAndChanged) {
  Dataset after = dataset({"one"});
  after.schema =
      Schema({{"plan", ColumnType::kInteger}, {"age", ColumnType::kReal}, {"new", ColumnType::kText}});
  after.profile = {profile_of_numbers({1}), profile_of_numbers({2, 3}), profile_of_texts({"x"})};
  Dataset before = dataset({"one"});
  const Json schema = diff_datasets(workspace_, before, after)["schema"];
  EXPECT_EQ(schema["added"], Json::parse(R"([{"name": "new", "type": "text"}])"));
  EXPECT_EQ(schema["retyped"], Json::parse(R"([{"name": "plan", "types": ["text", "integer"]}])"));
  EXPECT_EQ(schema["reordered"], true);
  const Json columns = diff_datasets(workspace_, before, after)["columns"];
  ASSERT_EQ(columns.size(), 1U) << "texts and numbers have no distribution in common";
  EXPECT_EQ(columns[0]["name"], "age");
  EXPECT_EQ(diff_datasets(workspace_, after, before)["schema"]["removed"], schema["added"]);
}

TEST_F(Diff, AShardThatIsGoneHasNoBytes) {
  const Dataset before = dataset({"one"});
  std::filesystem::remove(workspace_.object_path(before.shards[0].object));
  EXPECT_EQ(diff_datasets(workspace_, before, before)["shards"]["shared_bytes"], 0);
}

}  // namespace
}  // namespace millrace
