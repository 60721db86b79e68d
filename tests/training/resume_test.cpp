#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/signals.hpp"
#include "training/checkpoint.hpp"
#include "training/made_rows.hpp"

namespace millrace {
namespace {

using testing_support::SmallRun;

// Lets the run stop at the step after its first checkpoint, as a signal would; returns the step.
std::uint64_t train_until_first_checkpoint(SmallRun& run) {
  Events events;
  events.listen([](const Json& event) {
    if (event.at("event") == "train.checkpoint") request_stop();
  });
  try {
    train(run.comm, run.spec, run.config, run.input, events);
    ADD_FAILURE() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kStopped) << error.message();
  }
  run.comm.barrier();
  clear_stop_request();
  const auto files = list_checkpoints(run.input.checkpoint_folder);
  run.comm.barrier();
  return files.empty() ? 0 : files.back().step;
}

void flip_byte_in_the_middle(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(std::filesystem::file_size(path) / 2));
  const auto byte = static_cast<char>(file.peek() ^ 1);
  file.seekp(file.tellg());
  file.put(byte);
}

void expect_same(const TrainingResult& a, const TrainingResult& b) {
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.best_epoch, b.best_epoch);
  EXPECT_EQ(a.steps, b.steps);
  ASSERT_EQ(a.history.size(), b.history.size());
  for (std::size_t e = 0; e < a.history.size(); ++e) {
    EXPECT_EQ(a.history[e].train_loss, b.history[e].train_loss);
    EXPECT_EQ(a.history[e].validation_loss, b.history[e].validation_loss);
  }
}

TEST(Resume, GoesOnBitForBitFromAnyStep) {
  SmallRun run;
  const TrainingResult undisturbed = run.train();
  const std::uint64_t in_an_epoch = undisturbed.steps / 3;
  for (const std::uint64_t every : {std::uint64_t{1}, in_an_epoch - 1, in_an_epoch, in_an_epoch + 5}) {
    run.config.checkpoint.every_steps = every;
    run.input.checkpoint_folder = run.folder / fmt::format("every-{}", every);
    const std::uint64_t stopped_at = train_until_first_checkpoint(run);
    EXPECT_EQ(stopped_at, every + 1);
    const TrainingResult resumed = run.train();
    EXPECT_EQ(resumed.resumed_from_step, stopped_at);
    expect_same(resumed, undisturbed);
  }
}

TEST(Resume, PausesAtAnEpochAndGoesOnAsIfItHadNot) {
  SmallRun run;
  run.config.epochs = 6;
  const TrainingResult undisturbed = run.train();
  run.input.checkpoint_folder = run.folder / "paused";
  for (const std::uint32_t epoch : {1U, 2U, 2U, 5U}) {  // the second time there is nothing to do
    run.input.until_epoch = epoch;
    const TrainingResult paused = run.train();
    EXPECT_TRUE(paused.paused);
    EXPECT_FALSE(paused.stopped_early);
    EXPECT_EQ(paused.history.size(), epoch);
  }
  run.input.until_epoch = 6;
  const TrainingResult ended = run.train();
  EXPECT_FALSE(ended.paused);
  EXPECT_GT(ended.resumed_from_step, 0U);
  expect_same(ended, undisturbed);
}

TEST(Resume, FindsTheNewestInEarlierRunsFolders) {
  SmallRun run;
  run.config.checkpoint.every_steps = 5;
  const TrainingResult undisturbed = run.train();
  const std::string earlier = run.folder / "earlier-run";
  if (run.comm.is_root()) std::filesystem::rename(run.input.checkpoint_folder, earlier);
  run.comm.barrier();
  run.input.resume_folders = {run.folder / "no such folder", earlier};
  const TrainingResult resumed = run.train();
  EXPECT_GT(resumed.resumed_from_step, 0U);
  expect_same(resumed, undisturbed);
}

TEST(Resume, PassesOverADamagedCheckpointForTheOneBefore) {
  SmallRun run;
  run.config.checkpoint.every_steps = 6;
  const TrainingResult undisturbed = run.train();
  const auto files = list_checkpoints(run.input.checkpoint_folder);
  ASSERT_EQ(files.size(), 2U);  // keep = 2
  run.comm.barrier();
  if (run.comm.is_root()) flip_byte_in_the_middle(files[1].path);
  run.comm.barrier();
  const TrainingResult resumed = run.train();
  EXPECT_EQ(resumed.resumed_from_step, files[0].step);
  expect_same(resumed, undisturbed);
  if (run.comm.is_root()) {
    for (const auto& file : list_checkpoints(run.input.checkpoint_folder)) {
      std::filesystem::resize_file(file.path, 100);
    }
  }
  run.comm.barrier();
  EXPECT_EQ(run.train().resumed_from_step, 0U);
}

TEST(Resume, StartsAfreshWithAnotherKeyOrOtherSettings) {
  SmallRun run;
  run.config.checkpoint.every_steps = 7;
  run.train();
  const auto all = [&] { return run.train().resumed_from_step; };
  run.config.checkpoint.every_steps = 0;
  EXPECT_GT(all(), 0U);
  run.config.learning_rate *= 2;
  EXPECT_EQ(all(), 0U);
  run.config.learning_rate /= 2;
  run.input.key = digest_of("another stage");
  EXPECT_EQ(all(), 0U);
}

TEST(Resume, WithAnotherNumberOfRanksGivesTheSameModelUpToRounding) {
  SmallRun run;
  run.config.checkpoint.every_steps = 10;
  const TrainingResult undisturbed = run.train();
  run.config.checkpoint.every_steps = 10;
  run.input.checkpoint_folder = run.folder / "stopped";
  train_until_first_checkpoint(run);
  run.config.checkpoint.every_steps = 0;
  const TrainingResult alone = train(Communicator::self(), run.spec, run.config, run.input, run.events);
  EXPECT_EQ(alone.resumed_from_step, 11U);
  ASSERT_EQ(alone.history.size(), undisturbed.history.size());
  EXPECT_NEAR(alone.history.back().validation_loss, undisturbed.history.back().validation_loss, 1e-4);
}

TEST(Resume, EarlyStoppingComesOutTheSame) {
  SmallRun run({64}, {64});
  run.config.epochs = 200;
  run.config.learning_rate = 0.05;
  run.config.early_stopping = EarlyStopping{3, 0};
  const TrainingResult undisturbed = run.train();
  run.config.checkpoint.every_steps = undisturbed.steps - 3;
  train_until_first_checkpoint(run);
  expect_same(run.train(), undisturbed);
}

TEST(Checkpoints, AreWrittenWholeListedInOrderAndKeptAsToldTo) {
  SmallRun run;
  run.config.checkpoint = {4, 3};
  run.train();
  const auto files = list_checkpoints(run.input.checkpoint_folder);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_LT(files[0].step, files[1].step);
  EXPECT_EQ(list_folder(run.input.checkpoint_folder).size(), 3U);
  EXPECT_EQ(read_checkpoint(files[2].path).progress.step, files[2].step);
  EXPECT_TRUE(list_checkpoints("/no such folder").empty());
}

}  // namespace
}  // namespace millrace
