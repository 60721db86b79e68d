// Whatever was kept of earlier ingestions, the dataset is the one that reading all files gives.
#include "ingestion/kept_files.hpp"

#include "base/random.hpp"
#include "ingestion/hdf5_files.hpp"
#include "ingestion/nights_fixture.hpp"
#include "ingestion/packed_text.hpp"

namespace millrace {
namespace {

class KeptFilesTest : public testing_support::NightsTest {
 protected:
  KeptFilesTest() {
    config_.max_rejected_share = 0.5;
    config_.shard_bytes = 700;
    config_.block_bytes = 300;
  }

  // Rows with numbers, texts that are one line or two, missing values and some records that are rejected.
  static std::string day(std::uint64_t seed) {
    CounterRandom random(derive_key({seed}));
    std::string text = "id,amount,when,note\n";
    for (std::uint64_t i = 0, rows = random.below(40); i < rows; ++i) {
      const std::string amount = random.below(8) == 0 ? "NA" : fmt::format("{}.{}", random.below(900), seed);
      const std::string note =
          random.below(3) == 0 ? "\"two\r\nlines\"" : fmt::format("n{}", random.below(5 + seed));
      text += fmt::format("{},{},2026-0{}-1{},{}\n", i, amount, 1 + random.below(9), random.below(10), note);
      if (random.below(9) == 0) text += "7,1\n";
    }
    return text;
  }
  static std::string name_of(std::uint64_t day) { return fmt::format("day=2026-11-{}/part.csv", 10 + day); }
};

TEST_F(KeptFilesTest, GiveTheSameVersionForAnySplitOfFilesIntoNights) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CounterRandom random(derive_key({seed, 77}));
    const std::uint64_t days = 3 + random.below(5);
    std::vector<std::uint64_t> order(days);
    for (std::uint64_t i = 0; i < days; ++i) order[i] = i;
    for (std::uint64_t i = days; i > 1; --i)
      std::swap(order[i - 1], order[random.below(i)]);  // some come late
    std::size_t kept = 0;
    std::size_t arrived = 0;
    for (std::uint64_t i = 0; i < days; ++i) {
      write(name_of(order[i]), day(100 * seed + order[i]));
      ++arrived;
      if (random.below(2) == 0 && i + 1 < days) continue;
      expect_same(kept, fmt::format("seed {}, night of file {}", seed, i));
      kept = arrived;
    }
    world_.barrier();
    if (world_.is_root()) std::filesystem::remove_all(shared("data"));
    world_.barrier();
  }
}

TEST_F(KeptFilesTest, AreReadAnewWhereANewFileChangesAType) {
  write("a.csv", "x,y\n1,2026-01-01\n2,\n");
  write("b.csv", "x,y\n3,2026-01-02\n");
  expect_same(0, "first");
  write("c.csv", "x,y\n1.5,2026-01-03\n");  // x becomes real, by what its first rows say
  expect_same(0, "real");
  std::string long_file = "x,y\n";
  for (int i = 0; i < 400; ++i) long_file += "1,2026-01-03\n";
  write("d.csv", long_file + "1,2026-01-04\n");
  expect_same(3, "nothing new");
  write("e.csv", long_file + "1,soon\n");  // y becomes text, by a value that only reading all tells
  expect_same(0, "text");
  remove("e.csv");  // and a date again
  expect_same(0, "date");
  expect_same(4, "no change");
}

TEST_F(KeptFilesTest, KeepWhatIsOddAboutAColumn) {
  std::string numbers = "x\n";
  for (int i = 0; i < 30; ++i) numbers += "1\n";
  write("b.csv", numbers + "4o\n");
  expect_same(0, "text");
  write("a.csv", numbers + "5o\n");  // comes before: the note names it, though the other is kept
  expect_same(1, "another note");
  write("c.csv", numbers);
  const IngestResult result = ingest_together();
  EXPECT_EQ(result.dataset.inference_notes[0], "'5o' in a.csv line 32 is no number (2 of 92 values)");
}

TEST_F(KeptFilesTest, AreReadAgainWhereTheyChangedAndLetGoOfWhereTheyWent) {
  for (std::uint64_t i = 0; i < 4; ++i) write(name_of(i), day(i + 1));
  expect_same(0, "first");
  write(name_of(1), day(99));
  expect_same(3, "changed in place");
  remove(name_of(2));
  expect_same(3, "removed");
  write(name_of(2), day(3));
  expect_same(4, "back again");
}

TEST_F(KeptFilesTest, AreNotOtherFilesOrReadByOtherSettings) {
  write("a.csv", day(1));
  write("b.csv", day(1));  // the same bytes, under another name
  expect_same(0, "first");
  config_.missing = {"", "NA", "n1"};
  expect_same(0, "other settings");
  config_.drop = {{"id", {}}};
  expect_same(0, "another column dropped");
  config_.max_rejected_share = 0.6;
  config_.threads = 2;
  expect_same(2, "what changes nothing");
  config_.types["amount"] = {"text", {}};
  expect_same(0, "another type");
}

TEST_F(KeptFilesTest, RejectsAreAllTold) {
  std::string bad = "x,y\n";
  for (int i = 0; i < 25; ++i) bad += "1,2\n7\n";
  write("a.csv", "x,y\n1,2\n8\n3,4\n");
  write("b.csv", bad);
  expect_same(0, "first");
  write("0.csv", bad);
  expect_same(2, "rejects before those that are kept");
}

TEST_F(KeptFilesTest, AFileWithoutRowsIsKeptAndWarnedOf) {
  write("a.csv", "x,y\n1,2\n");
  write("b.csv", "x,y\n");
  write("c.csv", "");
  expect_same(0, "first");
  write("d.csv", "x,y\n3,4\n");
  expect_same(2, "one more");  // there is nothing to keep of an empty file
}

TEST_F(KeptFilesTest, OfPackedFilesAndTables) {
  write("a.csv.gz", testing_support::gzip(day(1)));
  write("b.csv", day(2));
  expect_same(0, "packed");
  write("c.csv.gz", testing_support::gzip(day(3)));
  expect_same(2, "one more");
}

TEST_F(KeptFilesTest, OfHdf5Files) {
  config_.source = {{shared("data/*.h5"), {"c.yaml", 3, 9}}};
  const auto table = [&](const std::string& name, const std::vector<long long>& numbers,
                         const std::vector<std::string>& notes) {
    if (world_.is_root()) {
      make_folder(shared("data"));
      std::filesystem::remove(shared("data/" + name));
      testing_support::Hdf5Writer file(shared("data/" + name));
      file.integers("t/number", numbers);
      file.texts("t/note", notes);
    }
    world_.barrier();
  };
  table("a.h5", {1, 2, 3}, {"x", "y", ""});
  table("c.h5", {4, 5}, {"z", "x"});
  expect_same(0, "first");
  table("b.h5", {6}, {"late"});
  expect_same(2, "a late one");
  table("c.h5", {4, 7}, {"z", "x"});
  expect_same(2, "changed in place");
  remove("a.h5");
  expect_same(2, "removed");
}

TEST_F(KeptFilesTest, ADelimiterThatWasFoundIsTheirs) {
  config_.delimiter = "auto";
  write("b.csv", "x;y\n1;2\n3;4\n");
  expect_same(0, "first");
  write("c.csv", "x;y\n5;6\n");
  expect_same(1, "found before");
  write("a.csv", "x;y\n7;8\n");
  expect_same(2, "found again");
}

TEST_F(KeptFilesTest, WhatIsGoneOrDamagedIsReadAgain) {
  write("a.csv", day(1));
  write("b.csv", day(2));
  const IngestResult first = ingest_together();
  world_.barrier();
  if (world_.is_root()) std::filesystem::remove(workspace().object_path(first.dataset.shards[0].object));
  world_.barrier();
  expect_same(1, "a shard is gone");
  damage_what_is_kept("file");
  expect_same(0, "records are damaged");
}

TEST_F(KeptFilesTest, AnotherSchemaIsRefusedAsEver) {
  write("a.csv", "x,y\n1,2\n");
  ingest_together();
  write("b.csv", "x,z\n1,2\n");
  const std::string message = failure().message();
  EXPECT_NE(message.find("'a.csv' and 'b.csv' have different columns"), std::string::npos) << message;
  remove("b.csv");
  expect_same(1, "as before");
}

}  // namespace
}  // namespace millrace
