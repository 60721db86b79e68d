// What is seen of sources and request logs, by 1 to 4 ranks.
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "monitoring/drift_report.hpp"
#include "monitoring/example_model.hpp"
#include "monitoring/observed_requests.hpp"
#include "monitoring/observed_source.hpp"
#include "monitoring/season.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;
using testing_support::example_csv;
using testing_support::example_model;
using testing_support::TemporaryFolder;

class Observed : public testing::Test {
 protected:
  Observed() : model_(example_model()) {
    shared_ = private_.path();
    world_.broadcast(shared_);
    data_.block_bytes = 4000;
    data_.shard_bytes = 8000;
    data_.threads = 2;
    data_.target.column.text = "churn";
  }
  ~Observed() override { world_.barrier(); }

  void source(const std::string& text) { write("rows.csv", text); }
  void write(const std::string& name, const std::string& text) {
    if (world_.is_root()) {
      make_folder(shared_ + "/" + name.substr(0, name.find_last_of('/') + 1));
      publish_file(shared_ + "/" + name, text);
    }
    world_.barrier();
  }
  SourceObservation observe(const Communicator& comm) {
    data_.source = {{shared_ + "/rows.csv", {}}};
    return observe_source(comm, model_, data_, Workspace(shared_ + "/workspace"));
  }
  Observation requests(const Communicator& comm, TimeWindow window = {0, 1e12}) {
    return observe_requests(comm, model_, shared_, "churn", window);
  }
  [[nodiscard]] static std::string line(const std::string& time, int age, double prediction,
                                        int version = 7) {
    return fmt::format(R"({{"time":"{}","id":"q","model":"churn","version":{},"arm":"current","row":0,)"
                       R"("inputs":{{"age":{},"contract":"monthly"}},"prediction":{},"class":"No"}})"
                       "\n",
                       time, version, age, prediction);
  }

  Communicator world_ = Communicator::world();
  TemporaryFolder private_;
  std::string shared_;
  MonitoredModel model_;
  DataConfig data_;
};

TEST_F(Observed, SourcesAreTheSameForAnyNumberOfRanksAndBlocks) {
  source(example_csv(5000, 3, true));
  const Json together = observe(world_).seen;
  EXPECT_EQ(together, Json(observe(Communicator::self()).seen));
  data_.block_bytes = 1000;
  data_.shard_bytes = 3000;
  data_.threads = 1;
  EXPECT_EQ(together, Json(observe(world_).seen));
  EXPECT_EQ(together.at("rows"), 5000);
}

TEST_F(Observed, TheRowsOfTheReferenceAreTheReference) {
  source(example_csv(3000, 0));
  const Observation seen = observe(world_).seen;
  EXPECT_EQ(Json(seen.inputs), Json(model_.reference.inputs));
  EXPECT_EQ(Json(seen.predictions), Json(model_.reference.predictions));
  EXPECT_FALSE(seen.target);
  const DriftReport report = compare(model_.reference, seen, {});
  EXPECT_EQ(report.level, DriftLevel::kNone);
  for (const ColumnDrift& drift : report.columns) EXPECT_NEAR(drift.index, 0, 1e-12) << drift.name;
}

TEST_F(Observed, OtherRowsDrift) {
  source(example_csv(3000, 25));
  const DriftReport report = compare(model_.reference, observe(world_).seen, {});
  EXPECT_EQ(report.level, DriftLevel::kRetrain);
  EXPECT_TRUE(contains(verdict_text(report), "age")) << verdict_text(report);
  EXPECT_TRUE(contains(verdict_text(report), "contract")) << verdict_text(report);
  EXPECT_FALSE(contains(verdict_text(report), "city")) << verdict_text(report);
}

TEST_F(Observed, ScoresRowsWhoseTargetIsKnown) {
  source(example_csv(2000, 0, true));
  const SourceObservation observed = observe(world_);
  ASSERT_TRUE(observed.seen.target);
  EXPECT_EQ(observed.seen.target->levels.total(), 2000U);
  std::uint64_t rows = 0;
  for (const ScoredShard& shard : observed.scored) {
    EXPECT_EQ(shard.predictions.size(), shard.targets.size());
    rows += shard.targets.size();
  }
  EXPECT_EQ(world_.all_reduce(rows, Reduce::kSum), 2000U);
}

TEST_F(Observed, AColumnThatIsGoneOrRenamedIsTold) {
  std::string text = example_csv(1000, 0);
  text.replace(text.find("city"), 4, "town");
  text.replace(text.find("age"), 3, "Age");
  source(text);
  const Observation seen = observe(world_).seen;
  ASSERT_EQ(seen.absent.size(), 2U);
  EXPECT_EQ(seen.absent[0].name, "age");
  EXPECT_TRUE(contains(seen.absent[0].reason, "'Age'")) << seen.absent[0].reason;
  const DriftReport report = compare(model_.reference, seen, {});
  EXPECT_EQ(report.columns.size(), 2U);
  EXPECT_GE(report.level, DriftLevel::kAlert);
}

TEST_F(Observed, ValuesOfAnotherTypeAreMissing) {
  std::string text = "age,contract,city,since\n";
  for (int i = 0; i < 600; ++i)
    text += i % 3 == 0 ? "old,monthly,Ulm,2001-02-03\n" : "33,monthly,Ulm,yesterday\n";
  source(text);
  const Observation seen = observe(world_).seen;
  EXPECT_EQ(seen.inputs[0].missing, 200U);
  EXPECT_EQ(seen.inputs[3].missing, 400U);
  EXPECT_EQ(seen.rejected, 0U);
}

TEST_F(Observed, AColumnWithoutAnyValueIsAFaultOfTheFeed) {
  std::string text = "age,contract,city,since\n";
  for (int i = 0; i < 600; ++i) text += ",monthly,Ulm,2001-02-03\n";
  source(text);
  const DriftReport report = compare(model_.reference, observe(world_).seen, {});
  EXPECT_EQ(report.columns[0].level, DriftLevel::kAlert);
  EXPECT_EQ(report.columns[0].cause, "no values of type integer");
}

TEST_F(Observed, TooManyRecordsThatCannotBeReadAreAnError) {
  std::string text = example_csv(100, 0);
  for (int i = 0; i < 10; ++i) text += "1,2\n";
  source(text);
  EXPECT_TRUE(contains(error_of([&] { (void)observe(world_); }), "10 of 110 records cannot be read"));
}

TEST_F(Observed, RequestsAreTheSameForAnyNumberOfRanks) {
  std::string older;
  std::string newer;
  for (int i = 0; i < 9000; ++i) older += line("2026-11-26T10:00:00.000Z", 20 + i % 60, 0.3);
  for (int i = 0; i < 3000; ++i) newer += line("2026-11-26T11:00:00.000Z", 30, 0.7);
  write("deploy/churn/requests/requests.jsonl.1", older);
  write("deploy/churn/requests/requests.jsonl", newer);
  const Json together = requests(world_);
  EXPECT_EQ(together, Json(requests(Communicator::self())));
  EXPECT_EQ(together.at("rows"), 12000);
}

TEST_F(Observed, RequestsCountInTheirWindowWhateverTheirOrder) {
  write("deploy/churn/requests/requests.jsonl",
        line("2026-11-26T10:00:00.000Z", 30, 0.1) + line("2031-01-01T00:00:00.000Z", 30, 0.2) +
            line("2026-11-26T09:00:00.000Z", 30, 0.3) + line("2026-11-26T10:30:00.000Z", 30, 0.4, 6));
  const TimeWindow window{parse_rfc3339("2026-11-26T10:00:00.000Z"),
                          parse_rfc3339("2026-11-26T11:00:00.000Z")};
  const Observation seen = requests(world_, window);
  EXPECT_EQ(seen.rows, 1U);
  EXPECT_NEAR(seen.predictions[0].numbers.points[0], 0.1, 1e-6);
}

TEST_F(Observed, TornAndForeignLinesAreRejectedAndTheOthersCount) {
  const std::string good = line("2026-11-26T10:00:00.000Z", 30, 0.1);
  write("deploy/churn/requests/requests.jsonl",
        good + good.substr(0, 60) + good + "\n[1]\n" + R"({"model":"churn","version":7,"time":"yesterday"})" +
            "\n" +
            R"({"model":"churn","version":7,"time":"2026-11-26T10:00:00.000Z","inputs":{"age":"old"}})" +
            "\n" + good + good.substr(0, 20));
  const Observation seen = requests(world_);
  EXPECT_EQ(seen.rows, 2U);
  EXPECT_EQ(seen.rejected, 5U);  // two lines that a crash made one, an empty one among them
}

TEST_F(Observed, AColumnThatNoRequestHasIsTold) {
  write("deploy/churn/requests/requests.jsonl", line("2026-11-26T10:00:00.000Z", 30, 0.1));
  const Observation seen = requests(world_);
  ASSERT_EQ(seen.absent.size(), 2U);
  EXPECT_EQ(seen.absent[0].name, "city");
}

TEST_F(Observed, WithoutALogThereAreNoRows) {
  const DriftReport report = compare(model_.reference, requests(world_), {});
  EXPECT_FALSE(report.enough);
  EXPECT_EQ(report.level, DriftLevel::kNone);
  EXPECT_EQ(verdict_text(report), "too few rows to say anything");
}

// Mornings have other ages than evenings: against the training rows that is drift, against other mornings
// none, whatever version was asked then.
TEST_F(Observed, EarlierRequestsOfTheSameHoursAreTheReferenceOfASeason) {
  std::string text;
  for (int day = 1; day <= 4; ++day) {
    for (int i = 0; i < 800; ++i) {
      const bool morning = i % 2 == 0;
      text += line(fmt::format("2026-11-0{}T{}:00:00Z", day, morning ? "08" : "20"),
                   (morning ? 60 : 20) + i % 19, 0.5, day < 3 ? 6 : 7);
    }
  }
  write("deploy/churn/requests/requests.jsonl", text);
  const double morning = parse_rfc3339("2026-11-04T08:00:00Z");
  const TimeWindow window{morning, morning + 3600};
  MonitoringConfig monitoring;
  monitoring.min_rows = 100;
  monitoring.season = "hour";
  monitoring.season_windows = 3;
  monitoring.columns["contract"].ignore = true;
  monitoring.columns["city"].ignore = true;
  monitoring.columns["since"].ignore = true;
  const Observation seen = requests(world_, window);
  EXPECT_EQ(seen.rows, 400U);
  const auto age_level = [&](const Reference& reference) {
    return compare(reference, seen, monitoring).columns.front().level;
  };
  EXPECT_EQ(age_level(model_.reference), DriftLevel::kRetrain);
  const Observation earlier =
      observe_earlier_requests(world_, model_, shared_, "churn", earlier_windows(window, monitoring));
  EXPECT_EQ(earlier.rows, 1200U);
  EXPECT_EQ(earlier.predictions.front().rows, 400U);  // this version's
  EXPECT_EQ(age_level(reference_of(earlier, model_.reference, monitoring.min_rows)), DriftLevel::kNone);
}

}  // namespace
}  // namespace millrace
