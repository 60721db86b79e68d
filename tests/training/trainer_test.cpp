#include "training/trainer.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "training/made_rows.hpp"
#include "training/schedule.hpp"

namespace millrace {
namespace {

using testing_support::made_rows;
using testing_support::SmallRun;

float accuracy(const Network& network, const FeatureRows& rows) {
  std::vector<float> logits(rows.rows);
  Network::Workspace workspace;
  network.forward({rows.rows, rows.numeric, rows.categorical}, workspace, logits);
  std::size_t right = 0;
  for (std::size_t r = 0; r < rows.rows; ++r) right += (logits[r] > 0) == (rows.target[r] > 0.5F) ? 1 : 0;
  return static_cast<float>(right) / static_cast<float>(rows.rows);
}

TEST(Train, LearnsExclusiveOr) {
  const NetworkSpec spec{Task::kBinary, 2, {}, {8}, 1, Activation::kTanh, 0, false};
  SmallRun run({4}, {}, spec);
  FeatureRows corners{4, 2, 0, {-1, -1, -1, 1, 1, -1, 1, 1}, {}, {0, 1, 1, 0}, {1, 1, 1, 1}, {0, 1, 2, 3}};
  if (run.comm.is_root()) write_feature_shard(run.input.train_shards[0], corners);
  run.comm.barrier();
  run.config.epochs = 300;
  run.config.batch_size = 4;
  run.config.learning_rate = 0.05;
  const TrainingResult result = run.train();
  EXPECT_EQ(accuracy(Network(spec, result.parameters), corners), 1);
  EXPECT_LT(result.history.back().train_loss, 0.05);
  EXPECT_EQ(result.steps, 300U);
  EXPECT_TRUE(std::isnan(result.history.back().validation_loss));
  EXPECT_EQ(result.best_epoch, 300U);
}

TEST(Train, LearnsEveryTask) {
  for (const NetworkSpec& spec :
       {NetworkSpec{Task::kMulticlass, 4, {{6, 2}}, {16}, 3, Activation::kGelu, 0, false},
        NetworkSpec{Task::kRegression, 4, {}, {16}, 1, Activation::kRelu, 0, true}}) {
    SmallRun run({1500}, {500}, spec);
    run.config.epochs = 15;
    const TrainingResult result = run.train();
    EXPECT_LT(result.history.back().validation_loss, 0.6 * result.history.front().train_loss);
  }
}

TEST(Train, GivesTheSameModelForAnyNumberOfRanksUpToRounding) {
  SmallRun run;
  const TrainingResult together = run.train();
  const TrainingResult alone = train(Communicator::self(), run.spec, run.config, run.input, run.events);
  ASSERT_EQ(together.history.size(), alone.history.size());
  for (std::size_t e = 0; e < alone.history.size(); ++e) {
    EXPECT_NEAR(together.history[e].train_loss, alone.history[e].train_loss, 1e-4);
    EXPECT_NEAR(together.history[e].validation_loss, alone.history[e].validation_loss, 1e-4);
  }
  EXPECT_EQ(together.steps, alone.steps);
}

TEST(Train, DeterministicModeIsBitIdenticalForAnyNumberOfRanks) {
  SmallRun run;
  run.config.deterministic = true;
  const TrainingResult together = run.train();
  const TrainingResult alone = train(Communicator::self(), run.spec, run.config, run.input, run.events);
  EXPECT_EQ(together.parameters, alone.parameters);
  for (std::size_t e = 0; e < alone.history.size(); ++e) {
    EXPECT_EQ(together.history[e].train_loss, alone.history[e].train_loss);
    EXPECT_EQ(together.history[e].validation_loss, alone.history[e].validation_loss);
  }
}

TEST(Train, IsTheSameEachTimeAndDiffersBySeed) {
  SmallRun run;
  const TrainingResult once = run.train();
  EXPECT_EQ(once.parameters, run.train().parameters);
  run.config.seed = 2;
  EXPECT_NE(once.parameters, run.train().parameters);
}

TEST(Train, ShardBordersDoNotMatter) {
  SmallRun many({301, 1, 230});
  SmallRun one({532});
  EXPECT_EQ(many.train().parameters, one.train().parameters);
}

TEST(Train, StreamsLanesThatDoNotFitTheirWindow) {
  const NetworkSpec spec{Task::kBinary, 2, {}, {4}, 1, Activation::kRelu, 0, false};
  SmallRun run({9001, 15001}, {5000, 200}, spec);
  run.config.lanes = 4;
  run.config.batch_size = 1000;
  run.config.epochs = 2;
  run.config.window_rows = 4096 * 4;  // lanes of 6001 rows in windows of 4096
  const TrainingResult result = run.train();
  EXPECT_EQ(result.steps, 2U * 25);  // quota 250 of 6001 rows
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
  EXPECT_EQ(result.parameters, run.train().parameters);
}

TEST(Train, TakesOneRowAndBatchesLargerThanTheData) {
  if (Communicator::world().size() > 1) return;  // one row is one lane
  SmallRun run({1}, {1});
  run.config.batch_size = 256;
  EXPECT_EQ(run.train().steps, 3U);
  SmallRun some({77}, {});
  some.config.batch_size = 1024;
  EXPECT_EQ(some.train().steps, 3U);
}

TEST(Train, BalancedClassWeightsMakeARareClassCount) {
  SmallRun run({400}, {});
  FeatureRows rows = made_rows(run.spec, 400);
  for (std::size_t r = 0; r < rows.rows; ++r) rows.target[r] = r % 20 == 0 ? 1 : 0;
  std::ranges::fill(rows.numeric, 0.0F);  // nothing to learn but the share
  std::ranges::fill(rows.categorical, 0);
  if (run.comm.is_root()) write_feature_shard(run.input.train_shards[0], rows);
  run.comm.barrier();
  run.config.epochs = 100;
  run.config.batch_size = 400;
  run.config.class_weights = "balanced";
  const Network network(run.spec, run.train().parameters);
  std::vector<float> logits(1);
  Network::Workspace workspace;
  network.forward({1, std::span(rows.numeric).first(5), std::span(rows.categorical).first(2)}, workspace,
                  logits);
  EXPECT_NEAR(logits[0], 0, 0.1);
  run.spec.task = Task::kRegression;
  EXPECT_THROW(run.train(), Error);
}

TEST(Train, StopsEarlyWithTheBestParameters) {
  SmallRun run({64}, {64});
  run.config.epochs = 200;
  run.config.learning_rate = 0.05;
  run.config.early_stopping = EarlyStopping{3, 0};
  const TrainingResult result = run.train();
  EXPECT_TRUE(result.stopped_early);
  EXPECT_EQ(result.history.size(), result.best_epoch + 3);
  for (const EpochRecord& record : result.history) {
    EXPECT_GE(record.validation_loss, result.history[result.best_epoch - 1].validation_loss);
  }
}

TEST(Train, SaysWhereTheLossIsNoNumberAndWhatToTry) {
  SmallRun run;
  run.config.learning_rate = 1e30;
  try {
    run.train();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kDataRejected);
    EXPECT_NE(error.message().find("training.learning_rate"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("epoch 1"), std::string::npos) << error.message();
  }
}

TEST(Train, RefusesRowsThatTheNetworkCannotTake) {
  SmallRun run({50}, {});
  FeatureRows rows = made_rows(run.spec, 50);
  rows.categorical[8] = 6;
  if (run.comm.is_root()) write_feature_shard(run.input.train_shards[0], rows);
  run.comm.barrier();
  try {
    run.train();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kDataRejected);
    EXPECT_NE(error.message().find("source row 4"), std::string::npos) << error.message();
  }
  run.input.train_shards.push_back("/nowhere.h5");
  EXPECT_THROW(run.train(), Error);
}

TEST(Train, TellsOfEveryEpochOnRankZero) {
  SmallRun run;
  std::vector<Json> epochs;
  run.events.listen([&](const Json& event) {
    if (event.at("event") == "train.epoch") epochs.push_back(event);
  });
  const TrainingResult result = run.train();
  ASSERT_EQ(epochs.size(), run.comm.is_root() ? 3U : 0U);
  if (!run.comm.is_root()) return;
  EXPECT_EQ(epochs[1].at("train_loss").get<double>(), result.history[1].train_loss);
  EXPECT_GT(epochs[1].at("samples_per_second").get<double>(), 0);
}

TEST(Schedule, WarmsUpAndComesDown) {
  TrainingConfig config;
  config.learning_rate = 1;
  config.warmup = 0.1;
  EXPECT_DOUBLE_EQ(learning_rate(config, 0, 100), 0.1);
  EXPECT_DOUBLE_EQ(learning_rate(config, 9, 100), 1);
  EXPECT_DOUBLE_EQ(learning_rate(config, 10, 100), 1);
  EXPECT_DOUBLE_EQ(learning_rate(config, 55, 100), 0.5);
  EXPECT_GT(learning_rate(config, 99, 100), 0);
  EXPECT_DOUBLE_EQ(learning_rate(config, 0, 1), 1);
  config.schedule = "constant";
  EXPECT_DOUBLE_EQ(learning_rate(config, 99, 100), 1);
}

}  // namespace
}  // namespace millrace
