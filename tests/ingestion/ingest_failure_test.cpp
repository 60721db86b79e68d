// What is refused, with which words; and what becomes of single bad records.
#include "ingestion/ingest_fixture.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

class IngestFailure : public testing_support::IngestTest {
 protected:
  void expect_failure(Topic topic, const std::vector<std::string>& words) {
    const Error error = failure();
    testing_support::expect_topic(error, topic);
    for (const std::string& word : words) {
      EXPECT_NE(error.message().find(word), std::string::npos) << word << " is not in: " << error.message();
    }
  }
};

TEST_F(IngestFailure, EmptyFile) {
  source("a.csv", "");
  expect_failure(Topic::kEmptyFile, {"a.csv' is empty"});
}

TEST_F(IngestFailure, BlankFile) {
  source("a.csv", "\n\n");
  expect_failure(Topic::kEmptyFile, {"a.csv' is empty"});
}

TEST_F(IngestFailure, HeaderOnly) {
  source("a.csv", "x,y\n");
  expect_failure(Topic::kNoRows, {"'a.csv' holds a header and no rows"});
}

TEST_F(IngestFailure, MissingFile) {
  source("telco.csv", "x\n1\n");
  config_.source[0].text = shared("telko.csv");
  expect_failure(Topic::kMissingFile, {"c.yaml:3:9", "telko.csv", "did you mean 'telco.csv'?"});
}

TEST_F(IngestFailure, FilesWithDifferentColumns) {
  source("a.csv", "x,y\n1,2\n");
  source("b.csv", "x,z\n1,2\n");
  expect_failure(Topic::kDifferentColumns,
                 {"'a.csv' and 'b.csv'", "'b.csv' lacks y", "'b.csv' has z besides"});
}

TEST_F(IngestFailure, FilesWithColumnsInAnotherOrder) {
  source("a.csv", "x,y\n1,2\n");
  source("b.csv", "y,x\n1,2\n");
  expect_failure(Topic::kDifferentColumns, {"the order differs: x, y against y, x"});
}

TEST_F(IngestFailure, ConfiguredColumnsThatDoNotExist) {
  source("a.csv", "customerID,x\n1,2\n");
  config_.drop = {{"customerId", {"c.yaml", 7, 10}}};
  expect_failure(Topic::kUnknownColumn, {"c.yaml:7:10", "customerId", "did you mean 'customerID'?"});
  config_.drop = {{"x", {}}, {"customerID", {}}};
  expect_failure(Topic::kUsage, {"leaves no column"});
  config_.drop.clear();
  config_.types = {{"xx", {"integer", {"c.yaml", 8, 3}}}};
  expect_failure(Topic::kUnknownColumn, {"c.yaml:8:3", "'xx'", "did you mean 'x'?"});
  config_.types = {{"x", {"intger", {"c.yaml", 8, 3}}}};
  expect_failure(Topic::kUnknownName, {"c.yaml:8:3", "did you mean 'integer'?"});
}

TEST_F(IngestFailure, QuoteNeverClosed) {
  config_.shard_bytes = 16;
  config_.block_bytes = 20;
  source("a.csv", "x,y\n1,2\n1,\"b\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n");
  expect_failure(Topic::kUnclosedQuote, {"'a.csv' line 3", "never closed"});
}

TEST_F(IngestFailure, TooManyRejects) {
  source("a.csv", "x,y\n1,2\n1\n2,2,3\n5,5\n");
  expect_failure(Topic::kRejectedRecords,
                 {"2 of 4 records (50 %)", "allows 0.1 %", "a.csv line 3: 1 fields instead of 2",
                  "a.csv line 4: 3 fields instead of 2", "data.missing"});
}

// A kind with a limit of its own is judged by that alone.
TEST_F(IngestFailure, LimitsOfSingleKinds) {
  config_.types = {{"x", {"integer", {}}}};
  source("a.csv", "x,y\n1,2\nx,2\n3,4\n5\n6,7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n");  // ten records
  config_.max_rejected_share = 0.2;
  config_.max_rejected.cast = 0;
  expect_failure(Topic::kRejectedRecords,
                 {"1 of 10 records (10 %) were rejected, and data.max_rejected.cast allows 0 %: a.csv "
                  "line 3, column 'x': 'x' is no integer;"});
  config_.max_rejected_share = 0;
  config_.max_rejected = {0.1, 0.1, {}, 0, 0, 0, 0};
  expect_failure(
      Topic::kRejectedRecords,
      {"1 of 10 records (10 %) were rejected, and data.max_rejected_share allows 0 %: a.csv line 6"});
  config_.max_rejected.too_many_columns = 0.1;
  const RejectSummary rejects = ingest_together().dataset.rejects;
  EXPECT_EQ(rejects.kinds, (std::map<std::string, std::uint64_t>{
                               {"cast", 1}, {"missing_columns", 1}, {"too_many_columns", 1}}));
}

// Where a record ends cannot be known: no limit makes it a rejected one.
TEST_F(IngestFailure, NoLimitPermitsAQuoteThatIsNeverClosed) {
  config_.max_rejected_share = 1;
  config_.max_rejected.quote = 1;
  source("a.csv", "x,y\n1,2\n1,\"b\n3,4\n5,6\n");
  expect_failure(Topic::kUnclosedQuote, {"'a.csv' line 3", "never closed"});
}

TEST_F(IngestFailure, NothingButRejects) {
  config_.max_rejected_share = 1;
  source("a.csv", "x,y\n1\n");
  expect_failure(Topic::kRejectedRecords, {"1 of 1 records"});
}

TEST_F(IngestFailure, RejectedRecordsAreListedAndTheOthersStay) {
  config_.max_rejected_share = 0.9;
  config_.block_bytes = 40;
  config_.shard_bytes = 32;
  config_.types = {{"n", {"integer", {}}}, {"t", {"text", {}}}};
  const std::string nul("5,a\0b\n", 6);
  source("a.csv", "n,t\n1,ok\n4o,x\n2,\"a\"b\n3,\"l1\nl2\"\n4\n" + nul + "6,\xff\n7," + std::string(40, 'x') +
                      "\n8,end");
  const Dataset dataset = ingest_together().dataset;
  EXPECT_EQ(dataset.rows(), 3U);
  EXPECT_EQ(dataset.rejects.count, 6U);
  std::vector<std::string> seen;
  for (const Json& reject : dataset.rejects.samples) {
    seen.push_back(fmt::format("{} {} {} {}", reject["line"].get<int>(), reject["byte"].get<int>(),
                               reject["kind"].get<std::string>(), reject["column"].get<std::string>()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"3 9 cast n", "4 14 quote ", "7 31 missing_columns ", "8 33 nul ",
                                            "9 39 encoding t", "10 43 line_size "}));
  EXPECT_EQ(
      dataset.rejects.kinds,
      (std::map<std::string, std::uint64_t>{
          {"cast", 1}, {"quote", 1}, {"missing_columns", 1}, {"nul", 1}, {"encoding", 1}, {"line_size", 1}}));
  EXPECT_EQ(dataset.rejects.samples[0]["reason"], "'4o' is no integer");
  EXPECT_EQ(dataset.rejects.samples[0]["text"], "4o,x");
  const std::string table = workspace().get_object(dataset.rejects.table);
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 7);
  std::vector<std::uint64_t> row_index;
  const auto first = dataset.first_records();
  for (std::size_t i = 0; i < dataset.shards.size(); ++i) {
    for (const std::uint64_t record :
         read_data_shard(workspace().object_path(dataset.shards[i].object)).records) {
      row_index.push_back(first[i] + record);
    }
  }
  EXPECT_EQ(row_index, (std::vector<std::uint64_t>{0, 3, 8}));
}

TEST_F(IngestFailure, AFileThatChangesMeanwhile) {
  source("a.csv", "x\n1\n2\n");
  const Workspace there(shared("workspace"));
  world_.agree([&] {
    if (world_.is_root()) there.prepare();
  });
  Sources sources(world_, config_, there, events_);
  if (world_.is_root()) testing_support::write_text(sources.places()[0], "x\n1\n2\n3\n");
  world_.barrier();
  EXPECT_THROW(ingest(world_, config_, "test", sources, there, events_), Error);
}

}  // namespace
}  // namespace millrace
