// Batch scoring by 1 to 4 ranks.
#include "scoring/score.hpp"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "ingestion/csv.hpp"
#include "storage/data_shard.hpp"
#include "storage/hdf5.hpp"
#include "support/example_artifact.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"
#include "table/format.hpp"

namespace millrace {
namespace {

namespace fs = std::filesystem;
using testing_support::error_of;
using testing_support::example_artifact;
using testing_support::expect_topic;
using testing_support::TemporaryFolder;

// Rows with every kind of field: missing ones, quotes and line breaks within texts, categories never seen.
std::string csv_of(std::size_t rows, std::size_t seed) {
  const std::vector<std::string> cities{"Ulm", "Bonn", "", "\"New\nUlm\"", "\"a \"\"b\"\", c\""};
  const std::vector<std::string> contracts{"monthly", "yearly", "", "never"};
  std::string text = "id,age,contract,city,since\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t r = (i * 7919 + seed * 104729) % 10007;
    text += fmt::format("c{},{},{},{},{}\n", i, r % 9 == 0 ? "" : std::to_string(r % 90),
                        contracts[r % contracts.size()], cities[r % cities.size()],
                        r % 5 == 0 ? "" : fmt::format("20{:02}-03-0{}", r % 25, 1 + r % 9));
  }
  return text;
}

class Scores : public testing::Test {
 protected:
  Scores() {
    shared_ = private_.path();
    world_.broadcast(shared_);
    data_.block_bytes = 600;
    data_.shard_bytes = 2000;
    data_.threads = 2;
  }
  ~Scores() override {
    clear_stop_request();
    world_.barrier();
  }

  [[nodiscard]] std::string shared(const std::string& name) const { return shared_ + "/" + name; }
  void source(const std::string& name, const std::string& text) {
    if (world_.is_root()) publish_file_in(shared(name), text);
    data_.source.push_back({shared(name), {}});
    world_.barrier();
  }
  static void publish_file_in(const std::string& path, const std::string& text) {
    make_folder(fs::path(path).parent_path().string());
    publish_file(path, text);
  }

  [[nodiscard]] ScoringRequest request(const ScoringModel* against = nullptr) const {
    return {model_, against, data_, keep_};
  }
  Json score(const std::string& out, ScoreFormat format = ScoreFormat::kCsv,
             const ScoringModel* against = nullptr) {
    const Json manifest = score_to_files(world_, request(against), output_for(shared(out), format));
    world_.barrier();
    return manifest;
  }
  // By rank 0 alone; "" elsewhere.
  std::string scored_alone() {
    std::string text;
    if (world_.is_root()) score_to_sink(request(), [&](std::string_view bytes) { text += bytes; });
    world_.barrier();
    return text;
  }
  // What all ranks fail with, alike.
  Error failure_of(const std::string& out, const ScoringModel* against = nullptr) {
    try {
      score(out, ScoreFormat::kCsv, against);
    } catch (const Error& error) {
      for (const std::string& message : world_.all_gather(error.message()))
        EXPECT_EQ(message, error.message());
      return error;
    }
    ADD_FAILURE() << "no error";
    return {ExitCode::kDone, ""};
  }

  Communicator world_ = Communicator::world();
  TemporaryFolder private_;
  std::string shared_;
  DataConfig data_;
  ScoringModel model_{example_artifact(), digest_of("one")};
  std::vector<std::string> keep_;
};

// Every answer is the one that the server's call gives for that row alone, to the bit.
TEST_F(Scores, AreTheScorersAnswersWhateverTheBlocks) {
  source("a.csv", csv_of(300, 1));
  keep_ = {"id", "age"};
  score("out.csv");
  if (!world_.is_root()) return;
  const Scorer& scorer = model_.artifact.scorer;
  const Table table = read_csv_table(shared("a.csv"), data_, scorer.plan().input_schema());
  std::string expected = "file,row,version,id,age,probability,class\n";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::vector<std::uint8_t> keep(table.rows());
    keep[row] = 1;
    Scorer::Workspace workspace;
    std::vector<float> answer;
    scorer.answer(select_rows(table, keep), workspace, answer);
    const Column& age = table["age"];
    expected += fmt::format("a.csv,{},7,c{},{},{},{}\n", row, row,
                            age.is_valid(row) ? std::to_string(age.integers[row]) : "", answer[0],
                            answer[0] >= 0.5F ? "Yes" : "No");
  }
  EXPECT_EQ(read_file(shared("out.csv")), expected);
}

TEST_F(Scores, AreTheSameBytesForAnyNumberOfRanksAndThreads) {
  source("b/day=1/a.csv", csv_of(300, 1));
  source("b/day=2/a.csv", csv_of(10, 2));
  source("b/day=3/a.csv", csv_of(0, 3));
  source("b/day=4/a.csv", csv_of(500, 4));
  keep_ = {"day", "city"};
  const Json together = score("together");
  const std::string alone = scored_alone();
  data_.threads = 1;
  const Json whole = score("out.csv");
  EXPECT_EQ(together["rows"], 810);
  EXPECT_EQ(whole["identity"], together["identity"]);
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), alone);
  EXPECT_EQ(whole["out"]["sha256"], digest_of(alone).hex());
  const std::string header = alone.substr(0, alone.find('\n') + 1);
  std::string joined = header;
  for (const Json& part : together["parts"]) {
    const std::string text = read_file(shared("together/" + part["file"].get<std::string>()));
    EXPECT_EQ(digest_of(text).hex(), part["sha256"]);
    joined += text.substr(header.size());
  }
  EXPECT_EQ(joined, alone);
  EXPECT_GT(together["parts"].size(), 8U);
  // Not by another run in this process: one process with other ranks must give the same.
  const Json by_one =
      score_to_files(Communicator::self(), request(), output_for(shared("by_one"), ScoreFormat::kCsv));
  EXPECT_EQ(by_one, together);
  EXPECT_EQ(read_file(shared("by_one/manifest.json")), read_file(shared("together/manifest.json")));
}

TEST_F(Scores, NumberTheRecordsOfEachFile) {
  source("a.csv", csv_of(200, 1));
  source("b.csv", csv_of(3, 1));
  keep_ = {"id"};
  score("out.csv");
  if (!world_.is_root()) return;
  DataConfig plain;
  const Table scores = read_csv_table(
      shared("out.csv"), plain,
      Schema({{"file", ColumnType::kText}, {"row", ColumnType::kInteger}, {"id", ColumnType::kText}}));
  ASSERT_EQ(scores.rows(), 203U);
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    EXPECT_EQ(scores["file"].text(row), row < 200 ? "a.csv" : "b.csv");
    EXPECT_EQ(scores["id"].text(row), fmt::format("c{}", scores["row"].integers[row]));
  }
}

TEST_F(Scores, GoOnWithThePartsThatAreMissing) {
  source("a.csv", csv_of(600, 1));
  score("whole.csv");
  score("parts");
  if (world_.is_root()) {
    // As kills may leave it: parts without their record, and half-written ones; no manifest.
    fs::remove(shared("parts/manifest.json"));
    fs::remove(shared("parts/part-000001.json"));
    fs::remove(shared("parts/part-000003.json"));
    publish_file(shared("parts/part-000003.csv"), "half of i");
    publish_file(shared("parts/part-000004.csv"), "cut off");
  }
  world_.barrier();
  const auto written = [&](int part) {
    return fs::last_write_time(shared(fmt::format("parts/part-{:06}.csv", part)));
  };
  const auto kept = written(2);
  const Json manifest = score("parts");
  EXPECT_EQ(written(2), kept);
  if (!world_.is_root()) return;
  std::string joined;
  for (const Json& part : manifest["parts"]) {
    const std::string text = read_file(shared("parts/" + part["file"].get<std::string>()));
    joined += joined.empty() ? text : text.substr(text.find('\n') + 1);
  }
  EXPECT_EQ(joined, read_file(shared("whole.csv")));
}

TEST_F(Scores, StopAfterAPartWhenAskedAndGoOnLater) {
  source("a.csv", csv_of(3000, 1));
  score("whole.csv");
  request_stop();
  for (int runs = 0;; ++runs) {
    ASSERT_LT(runs, 100);
    try {
      score("out.csv");
      EXPECT_GT(runs, 1);
      break;
    } catch (const Error& error) {
      expect_topic(error, Topic::kStopped);
    }
  }
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), read_file(shared("whole.csv")));
}

TEST_F(Scores, AreNotDoneTwiceAndNotMixedWithOthers) {
  source("a.csv", csv_of(100, 1));
  score("out.csv");
  const auto written = fs::last_write_time(shared("out.csv"));
  const Json again = score("out.csv");
  EXPECT_EQ(fs::last_write_time(shared("out.csv")), written);
  EXPECT_EQ(again["rows"], 100);
  const ScoringModel other{example_artifact("binary", 8, 2), digest_of("two")};
  try {
    score_to_files(world_, {other, nullptr, data_, {}}, output_for(shared("out.csv"), ScoreFormat::kCsv));
    ADD_FAILURE();
  } catch (const Error& error) {
    expect_topic(error, Topic::kOtherScores);
    EXPECT_NE(error.message().find("the scores of churn/7"), std::string::npos) << error.message();
  }
  keep_ = {"id"};
  expect_topic(failure_of("out.csv"), Topic::kOtherScores);
}

TEST_F(Scores, TellOfEveryRecordThatGetsNone) {
  std::string text = csv_of(50, 1);
  text += "x1,forty,monthly,Ulm,2001-01-01\n";
  text += "x2,4,monthly\n";
  text += csv_of(200, 2).substr(text.find('\n') + 1);
  source("a.csv", text);
  data_.max_rejected_share = 0.1;
  keep_ = {"id"};
  const Json manifest = score("out.csv");
  EXPECT_EQ(manifest["records"], 252);
  EXPECT_EQ(manifest["rows"], 250);
  EXPECT_EQ(manifest["rejected"]["count"], 2);
  EXPECT_EQ(manifest["rejected"]["kinds"], Json({{"cast", 1}, {"missing_columns", 1}}));
  if (world_.is_root()) {
    const auto lines = split(read_file(shared("out.csv.parts/rejected.csv")), '\n');
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "file,row,line,column,kind,reason,text");
    EXPECT_EQ(lines[1].substr(0, 11), "\"a.csv\",50,");
    EXPECT_NE(lines[1].find("'forty'"), std::string::npos) << lines[1];
    EXPECT_EQ(lines[2].substr(0, 11), "\"a.csv\",51,");
    const std::string scores = read_file(shared("out.csv"));
    EXPECT_NE(scores.find("\na.csv,49,7,c49,"), std::string::npos);
    EXPECT_NE(scores.find("\na.csv,52,7,c0,"), std::string::npos);
  }
  data_.max_rejected_share = 0.001;
  const Error error = failure_of("refused.csv");
  expect_topic(error, Topic::kRejectedRecords);
  EXPECT_NE(error.message().find("2 of 252 records"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("column 'age'"), std::string::npos) << error.message();
  EXPECT_TRUE(fs::exists(shared("refused.csv.parts/rejected.csv")));
  EXPECT_FALSE(fs::exists(shared("refused.csv")));
}

TEST_F(Scores, RejectNumbersThatAreTooLargeForTheModel) {
  source("whole.csv", csv_of(120, 1));
  score("whole_out.csv");
  data_.source.clear();
  // Beyond 10^30 once scaled: by a plan whose deviation is that small.
  FeaturePlan plan = model_.artifact.scorer.plan();
  std::get<NumericTransform>(plan.steps[0].transform).deviation = 1e-30;
  std::get<NumericTransform>(plan.steps[0].transform).mean = 40;
  std::get<NumericTransform>(plan.steps[0].transform).clip = std::pair(39.0, 42.0);
  model_.artifact.scorer = Scorer(plan, model_.artifact.scorer.network());
  source("a.csv", csv_of(120, 1));
  data_.max_rejected_share = 1;
  const Json manifest = score("out.csv");
  const Table table = read_csv_table(shared("a.csv"), data_, plan.input_schema());
  std::uint64_t too_large = 0;
  for (std::size_t row = 0; row < table.rows(); ++row)
    too_large += table["age"].is_valid(row) && table["age"].integers[row] >= 42 ? 1U : 0U;
  EXPECT_GT(too_large, 0U);
  EXPECT_EQ(manifest["rejected"]["kinds"], Json({{"number_too_large", too_large}}));
  EXPECT_EQ(manifest["rows"], 120 - too_large);
}

TEST_F(Scores, AsHdf5AreShardsUnderOneView) {
  source("a.csv", csv_of(300, 1));
  source("b.csv", csv_of(40, 2));
  keep_ = {"id"};
  score("out.csv");
  const Json manifest = score("out.h5");
  const Json folder = score("folder", ScoreFormat::kHdf5);
  if (!world_.is_root()) return;
  EXPECT_EQ(folder["parts"], manifest["parts"]);
  const Table csv = read_csv_table(
      shared("out.csv"), DataConfig(),
      Schema({{"id", ColumnType::kText}, {"class", ColumnType::kText}, {"probability", ColumnType::kReal}}));
  for (const std::string& path : {shared("out.h5"), shared("folder/scores.h5")}) {
    const hdf5::File view = hdf5::File::open(path);
    const auto probabilities = view.read<double>("names/probability/values");
    ASSERT_EQ(probabilities.size(), csv.rows());
    for (std::size_t row = 0; row < csv.rows(); ++row)
      EXPECT_EQ(static_cast<float>(probabilities[row]), static_cast<float>(csv["probability"].reals[row]));
    const auto classes = view.read<std::int32_t>("names/class/values");
    for (std::size_t row = 0; row < csv.rows(); ++row)
      EXPECT_EQ(classes[row], csv["class"].text(row) == "Yes" ? 1 : 0);
  }
  std::size_t next = 0;
  for (const Json& part : manifest["parts"]) {
    const DataShard shard = read_data_shard(shared("out.h5.parts/" + part["file"].get<std::string>()));
    EXPECT_EQ(shard.table.rows(), part["rows"]);
    for (std::size_t row = 0; row < shard.table.rows(); ++row, ++next) {
      EXPECT_EQ(shard.table["id"].text(row), csv["id"].text(next));
      EXPECT_EQ(shard.table["class"].text(row), csv["class"].text(next));
    }
  }
  EXPECT_EQ(next, csv.rows());
}

TEST_F(Scores, OfHdf5TablesAreThoseOfTheSameRowsAsCsv) {
  source("a.csv", csv_of(300, 1));
  keep_ = {"id"};
  score("from_csv");
  const Scorer& scorer = model_.artifact.scorer;
  std::vector<Field> fields{{"id", ColumnType::kText}};
  for (const Field& field : scorer.plan().input_schema()) fields.push_back(field);
  if (world_.is_root()) {
    const Table table = read_csv_table(shared("a.csv"), data_, Schema(fields));
    hdf5::File file = hdf5::File::create(shared("a.h5"));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::vector<std::string> texts;
      for (std::size_t row = 0; row < table.rows(); ++row)
        texts.push_back(table.columns[i].is_valid(row) ? format_value(table.columns[i], row) : "");
      file.write_strings(fields[i].name, texts);
    }
    file.close();
  }
  data_.source.clear();
  data_.source.push_back({shared("a.h5"), {}});
  world_.barrier();
  score("from_hdf5.csv");
  data_.source = {{shared("a.csv"), {}}};
  score("from_csv.csv");
  if (!world_.is_root()) return;
  std::string expected = read_file(shared("from_csv.csv"));
  for (std::size_t at = 0; (at = expected.find("\na.csv,", at)) != std::string::npos;)
    expected.replace(at, 7, "\na.h5,");
  EXPECT_EQ(read_file(shared("from_hdf5.csv")), expected);
}

TEST_F(Scores, OfManyClassesAndOfNumbers) {
  source("a.csv", csv_of(20, 1));
  for (const char* task : {"multiclass", "regression"}) {
    model_ = {example_artifact(task), digest_of(task)};
    score(fmt::format("{}.csv", task));
    if (!world_.is_root()) continue;
    const std::string text = read_file(shared(fmt::format("{}.csv", task)));
    const std::string header = text.substr(0, text.find('\n'));
    EXPECT_EQ(header, std::string(task) == "regression"
                          ? "file,row,version,prediction"
                          : "file,row,version,class,probability of a,probability of b,probability of c");
    EXPECT_EQ(split(text, '\n').size(), 22U);
  }
}

TEST_F(Scores, OfTwoModelsAreCompared) {
  source("a.csv", csv_of(700, 1));
  const ScoringModel second{example_artifact("binary", 8, 2), digest_of("two")};
  const Json manifest = score("out.csv", ScoreFormat::kCsv, &second);
  EXPECT_EQ(manifest["against"]["version"], 8);
  const Table table = read_csv_table(shared("a.csv"), data_, model_.artifact.scorer.plan().input_schema());
  Scorer::Workspace workspace;
  std::vector<float> a;
  std::vector<float> b;
  model_.artifact.scorer.answer(table, workspace, a);
  second.artifact.scorer.answer(table, workspace, b);
  double largest = 0;
  double sum = 0;
  std::uint64_t other = 0;
  for (std::size_t row = 0; row < a.size(); ++row) {
    largest = std::max(largest, std::abs(double{a[row]} - double{b[row]}));
    sum += std::abs(double{a[row]} - double{b[row]});
    other += (a[row] >= 0.5F) != (b[row] >= 0.5F) ? 1U : 0U;
  }
  const Json& comparison = manifest["comparison"];
  EXPECT_EQ(comparison["rows"], 700);
  EXPECT_EQ(comparison["largest_difference"], largest);
  EXPECT_NEAR(comparison["mean_difference"].get<double>(), sum / 700, 1e-13);  // 700 additions below 700
  EXPECT_EQ(comparison["other_class"], other);
  const Json& most = comparison["most_different"][0];
  const auto row = most["row"].get<std::size_t>();
  EXPECT_EQ(most["scores"][0].get<float>(), a.at(row));
  EXPECT_EQ(most["against"][0].get<float>(), b.at(row));
  // The first model's answers are the scores, as without the second one.
  score("alone.csv");
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), read_file(shared("alone.csv")));
  const Json by_one = score_to_files(Communicator::self(), request(&second),
                                     output_for(shared("by_one.csv"), ScoreFormat::kCsv));
  EXPECT_EQ(by_one["comparison"], comparison);
}

TEST_F(Scores, RefuseWhatCannotBeScored) {
  source("a.csv", "age,contract,since\n1,monthly,2001-01-01\n");
  const Error missing = failure_of("out.csv");
  expect_topic(missing, Topic::kMissingColumn);
  EXPECT_NE(missing.message().find("'a.csv' has no column 'city'"), std::string::npos) << missing.message();
  keep_ = {"contracts"};
  data_.source.clear();
  source("b.csv", csv_of(3, 1));
  EXPECT_NE(failure_of("out2.csv").message().find("did you mean 'contract'"), std::string::npos);
  keep_ = {"id", "id"};
  expect_topic(failure_of("out3.csv"), Topic::kCommandLine);
  keep_ = {};
  const ScoringModel numbers{example_artifact("regression"), digest_of("r")};
  EXPECT_NE(error_of([&] { require_comparable(model_, numbers); }), "");
  FeaturePlan plan = model_.artifact.scorer.plan();
  plan.steps[0].type = ColumnType::kReal;
  const ScoringModel retyped{{"churn", 9, {}, Scorer(plan, model_.artifact.scorer.network()), {}},
                             digest_of("t")};
  expect_topic(failure_of("out4.csv", &retyped), Topic::kChangedType);
}

TEST_F(Scores, OfNoRowsAreAHeader) {
  source("a.csv", csv_of(0, 1));
  EXPECT_EQ(score("out.csv")["rows"], 0);
  EXPECT_EQ(score("out.h5")["rows"], 0);
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), "file,row,version,probability,class\n");
}

}  // namespace
}  // namespace millrace
