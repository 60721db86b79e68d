// A dataset depends on its sources and the configuration alone: not on ranks, cuts or places.
#include "ingestion/ingest.hpp"

#include "ingestion/ingest_fixture.hpp"
#include "table/parse.hpp"

namespace millrace {
namespace {

class Ingest : public testing_support::IngestTest {
 protected:
  // Days with numbers, texts, missing values, quoted line breaks and, on request, bad records.
  static std::string day(std::uint64_t seed, std::size_t rows, bool with_rejects) {
    CounterRandom random(derive_key({seed}));
    std::string text = "id,amount,when,note\n";
    for (std::size_t i = 0; i < rows; ++i) {
      const std::string amount = random.below(8) == 0 ? "NA" : fmt::format("{}.5", random.below(900));
      const std::string note =
          random.below(3) == 0 ? "\"two\r\nlines, \"\"q\"\"\"" : fmt::format("n{}", random.below(5));
      text += fmt::format("{},{},2026-0{}-1{},{}\n", i, amount, 1 + random.below(9), random.below(10), note);
      if (with_rejects && random.below(9) == 0) text += "7,1\n";
    }
    return text;
  }
};

TEST_F(Ingest, GivesTheSameVersionForAnyNumberOfRanks) {
  config_.shard_bytes = 256;
  config_.block_bytes = 100;
  config_.max_rejected_share = 0.5;
  source("a.csv", day(1, 40, true));
  source("b.csv", day(2, 0, false));
  source("c.csv", day(3, 25, true));
  const IngestResult together = ingest_together();
  const IngestResult alone = ingest_alone();
  EXPECT_EQ(together.version, alone.version);
  EXPECT_EQ(canonical_json(together.dataset), canonical_json(alone.dataset));
  EXPECT_GT(together.dataset.shards.size(), 6U);
  EXPECT_EQ(together.dataset.rows(), 65U);
  EXPECT_GT(together.dataset.rejects.count, 0U);
  EXPECT_EQ(canonical_json(parse_json(workspace().get_object(together.version), "manifest")),
            canonical_json(together.dataset));
}

TEST_F(Ingest, GivesTheSameVersionForAnyNumberOfThreadsAndAnyBlocks) {
  config_.shard_bytes = 600;
  config_.block_bytes = 600;
  config_.threads = 1;
  config_.max_rejected_share = 0.5;
  source("a.csv", day(6, 60, true));
  source("b.csv", day(7, 40, true));
  const Digest expected = ingest_together().version;
  for (const std::uint32_t threads : {1, 2, 3}) {
    for (const std::uint64_t block : {75, 100, 200, 600}) {
      config_.threads = threads;
      config_.block_bytes = block;
      EXPECT_EQ(ingest_together().version, expected) << threads << " threads, blocks of " << block;
    }
  }
}

TEST_F(Ingest, GivesTheSameTableForAnyCut) {
  source("a.csv", day(4, 30, false));
  source("b.csv", day(5, 17, false));
  const IngestResult whole = ingest_together();
  const testing_support::FormattedRows expected = rows_of(whole.dataset);
  EXPECT_EQ(expected.size(), 47U);
  for (const std::uint64_t shard : {64, 199}) {
    for (const std::uint64_t block : {64, 256}) {
      config_.shard_bytes = shard;
      config_.block_bytes = block;
      const IngestResult cut = ingest_together();
      EXPECT_EQ(rows_of(cut.dataset), expected) << shard << " " << block;
      EXPECT_EQ(cut.dataset.schema, whole.dataset.schema);
      for (std::size_t i = 0; i < whole.dataset.profile.size(); ++i) {
        EXPECT_EQ(cut.dataset.profile[i].quantiles, whole.dataset.profile[i].quantiles);
        EXPECT_EQ(cut.dataset.profile[i].histogram, whole.dataset.profile[i].histogram);
        EXPECT_EQ(cut.dataset.profile[i].statistics.distinct.counts(),
                  whole.dataset.profile[i].statistics.distinct.counts());
      }
    }
  }
}

TEST_F(Ingest, ReadsNastyFilesAsThePlainParserDoes) {
  config_.missing = {};
  config_.types = {{"x", {"text", {}}}, {"y", {"text", {}}}, {"z", {"text", {}}}};
  config_.block_bytes = 300;
  CounterRandom random(derive_key({6}));
  for (int round = 0; round < 6; ++round) {
    config_.source.clear();
    config_.shard_bytes = 16 + random.below(80);
    const std::string name = fmt::format("nasty-{}.csv", round);
    const std::string body = testing_support::well_formed_csv(random, 3, 1 + random.below(30));
    const std::string text =
        body.starts_with("\xef") ? "\xef\xbb\xbfx,y,z\n" + body.substr(3) : "x,y,z\n" + body;
    source(name, text);
    auto expected = *testing_support::reference_parse(text);
    expected.erase(expected.begin());
    const testing_support::FormattedRows rows = rows_of(ingest_together().dataset);
    ASSERT_EQ(rows.size(), expected.size()) << testing::PrintToString(text);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], expected[i].fields);
  }
}

TEST_F(Ingest, NamesNoPlaceInTheVersion) {
  source("a.csv", day(7, 5, false));
  const Digest version = ingest_together().version;
  if (world_.is_root()) {
    std::filesystem::create_directory(shared("elsewhere"));
    testing_support::write_text(shared("elsewhere/a.csv"), day(7, 5, false));
  }
  world_.barrier();
  config_.source = {{shared("elsewhere/a.csv"), {}}};
  EXPECT_EQ(ingest_by(world_, shared("other-workspace")).version, version);
}

TEST_F(Ingest, DependsOnTheOrderOfTheSources) {
  source("a.csv", "x\n1\n");
  source("b.csv", "x\n2\n");
  const Digest version = ingest_together().version;
  std::swap(config_.source[0], config_.source[1]);
  const IngestResult swapped = ingest_together();
  EXPECT_NE(swapped.version, version);
  EXPECT_EQ(rows_of(swapped.dataset), (testing_support::FormattedRows{{"2"}, {"1"}}));
}

TEST_F(Ingest, InfersTypesOverTheWholeSource) {
  config_.shard_bytes = 16;
  source("a.csv", "i,r,d,b,t,none\n1,1,2026-01-02,true,x,\n2,2,2026-01-03,FALSE,1,\n");
  source("b.csv", "i,r,d,b,t,none\n-3,2.5,2026-01-03,true,1,\n");
  const Dataset dataset = ingest_together().dataset;
  std::vector<ColumnType> types;
  for (const Field& field : dataset.schema) types.push_back(field.type);
  EXPECT_EQ(types, (std::vector{ColumnType::kInteger, ColumnType::kReal, ColumnType::kDate,
                                ColumnType::kBoolean, ColumnType::kText, ColumnType::kText}));
  EXPECT_EQ(dataset.inference_notes, std::vector<std::string>(6));
  EXPECT_EQ(dataset.profile[5].statistics.missing, 3U);
}

TEST_F(Ingest, SaysWhichValueMadeAColumnText) {
  config_.shard_bytes = 32;
  std::string first = "age\n";
  std::string second = "age\n";
  for (int i = 0; i < 600; ++i) (i < 300 ? first : second) += std::to_string(i) + "\n";
  source("day-01.csv", first);
  source("day-02.csv", "age\nNA\n1\n\n4o\n2\nx\n");
  source("day-03.csv", second + "4o\n");
  EXPECT_EQ(ingest_together().dataset.inference_notes[0],
            "'4o' in day-02.csv line 5 is no number (3 of 605 values)");
}

// Wherever the one value stands that makes the column text, looked at before or not: as if all had been
// known.
TEST_F(Ingest, AGuessThatOneValueRefutesChangesNothing) {
  std::size_t retyped = 0;
  events_.listen([&](const Json& event) { retyped += event["event"] == "ingest.retyped" ? 1 : 0; });
  config_.shard_bytes = 600;
  config_.block_bytes = 100;
  const std::uint64_t rows = 4000;  // more blocks than four ranks look at
  for (std::uint64_t odd = 0; odd < rows; odd += 1303) {
    std::string text = "n,x\n";
    for (std::uint64_t i = 0; i < rows; ++i)
      text += fmt::format("{},{}.5\n", i, i == odd ? "w" : std::to_string(i));
    source("a.csv", text);
    const Dataset found = ingest_together().dataset;
    config_.types = {{"n", {"integer", {}}}, {"x", {"text", {}}}};
    const Dataset declared = ingest_together().dataset;
    EXPECT_EQ(found.inference_notes[1],
              fmt::format("'w.5' in a.csv line {} is no number (1 of 4,000 values)", odd + 2));
    EXPECT_EQ(found.schema, declared.schema);
    EXPECT_EQ(Json(found)["shards"], Json(declared)["shards"]);
    EXPECT_EQ(Json(found)["profile"], Json(declared)["profile"]);
    config_.types.clear();
    config_.source.clear();
  }
  EXPECT_EQ(world_.is_root(), retyped > 0)
      << "at least one was among the rows that were not looked at before";
}

TEST_F(Ingest, AColumnWhoseOnlyValueComesLateHasItsType) {
  config_.shard_bytes = 600;
  config_.block_bytes = 100;
  for (const std::string value : {"5", "2026-11-24", "word"}) {
    std::string text = "n,x\n";
    for (int i = 0; i < 1000; ++i) text += fmt::format("{},{}\n", i, i == 777 ? value : "");
    source("a.csv", text);
    const Dataset dataset = ingest_together().dataset;
    TypeCandidates candidates;
    candidates.observe(value);
    EXPECT_EQ(dataset.schema[1].type, candidates.result());
    EXPECT_EQ(rows_of(dataset)[777][1], value);
    EXPECT_EQ(dataset.rejects.count, 0U);
    config_.source.clear();
  }
}

TEST_F(Ingest, DropsColumnsAndObeysDeclaredTypes) {
  config_.drop = {{"junk", {}}};
  config_.types = {{"zip", {"text", {}}}};
  source("a.csv", "zip,junk,n\n01234,\xff,1\n");
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(dataset.schema, Schema({{"zip", ColumnType::kText}, {"n", ColumnType::kInteger}}));
  EXPECT_EQ(rows_of(dataset), (testing_support::FormattedRows{{"01234", "1"}}));
}

TEST_F(Ingest, FindsTheHeaderBehindBlankLines) {
  config_.shard_bytes = 16;
  source("a.csv", std::string(40, '\n') + "a,b\n1,2\n");
  source("b.csv", "a,b\n3,4\n");
  EXPECT_EQ(rows_of(ingest_together().dataset), (testing_support::FormattedRows{{"1", "2"}, {"3", "4"}}));
}

TEST_F(Ingest, ReadsFilesWithoutAHeader) {
  config_.header = false;
  config_.names = {"x", "y"};
  config_.trim = true;
  source("a.data", "1, a\n2, b\n\n");
  EXPECT_EQ(rows_of(ingest_together().dataset), (testing_support::FormattedRows{{"1", "a"}, {"2", "b"}}));
}

TEST_F(Ingest, TakesFilesWithoutRowsAmongOthersAsEmptyDays) {
  std::vector<std::string> warnings;
  events_.listen([&](const Json& event) {
    if (event["event"] == "ingest.warning") warnings.push_back(event["message"]);
  });
  source("a.csv", "x\n1\n");
  source("b.csv", "");
  source("c.csv", "x\n");
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(dataset.rows(), 1U);
  EXPECT_EQ(dataset.sources.size(), 3U);
  const std::vector<std::string> expected{"'b.csv' is empty", "'c.csv' holds a header and no rows"};
  EXPECT_EQ(warnings, world_.is_root() ? expected : std::vector<std::string>());
}

TEST_F(Ingest, TellsWhatHappened) {
  std::vector<Json> events;
  events_.listen([&](const Json& event) { events.push_back(event); });
  source("a.csv", "x\n1\n2\n");
  const Digest version = ingest_together().version;
  if (!world_.is_root()) {
    EXPECT_TRUE(events.empty());
    return;
  }
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0]["event"], "ingest.shard");
  EXPECT_EQ(events[0]["rows"], 2);
  EXPECT_EQ(events[1]["event"], "ingest.done");
  EXPECT_EQ(events[1]["rows"], 2);
  EXPECT_EQ(events[1]["bytes"], 6);
  EXPECT_EQ(events[1]["version"], version.hex());
}

}  // namespace
}  // namespace millrace
