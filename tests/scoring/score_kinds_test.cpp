// Other files, other models, and two models at once.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "ingestion/csv.hpp"
#include "scoring/score.hpp"
#include "scoring/scores.hpp"
#include "storage/data_shard.hpp"
#include "storage/hdf5.hpp"
#include "support/tables.hpp"
#include "table/format.hpp"

namespace millrace {
namespace {

using namespace testing_support;

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

}  // namespace
}  // namespace millrace
