// A workspace that was damaged, is not ours to write, or is used by two at once: the exit code, the message,
// and what is on disk.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "support/flipped_bit.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::ProcessResult;
using testing_support::Workbench;
namespace fs = std::filesystem;

const std::vector<std::string> kRun{"run", "pipeline.yaml", "--quiet"};

class Damage : public testing::Test {
 protected:
  Damage() { bench_.make_data(2, 150); }

  void run_well() {
    const ProcessResult result = bench_.millrace(kRun);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    results_ = bench_.latest_versions();
  }

  static void expect_refusal(const ProcessResult& result, Topic topic,
                             const std::vector<std::string>& parts) {
    testing_support::expect_topic(result.exit_code, result.err, topic);
    const auto first = result.err.find("millrace: error:");
    ASSERT_NE(first, std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("millrace: error:", first + 1), std::string::npos) << result.err;
    for (const std::string& part : parts)
      EXPECT_NE(result.err.find(part, first), std::string::npos) << part << " is not in\n" << result.err;
  }

  // As the executable calls it.
  [[nodiscard]] std::string relative(const std::string& path) const {
    return path.substr(bench_.path("").size());
  }

  [[nodiscard]] std::string object(const std::string& digest) const {
    return bench_.path("workspace/objects/" + digest.substr(0, 2) + "/" + digest.substr(2));
  }

  // The first shard that a manifest (a dataset, or a part of a feature version) names.
  [[nodiscard]] std::string first_shard(const Json& shards) const {
    return object(shards.at(0).at("object").get<std::string>());
  }
  [[nodiscard]] std::string data_shard() const {
    return first_shard(read_json_file(object(results_[0])).at("shards"));
  }
  [[nodiscard]] std::string feature_shard() const {
    return first_shard(read_json_file(object(results_[1])).at("parts").at("train"));
  }

  static void flip_a_bit(const std::string& path) {
    std::string bytes = read_file(path);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    replace(path, bytes);
  }
  // Of the first column that is kept, signup_date.
  static void flip_a_date(const std::string& path) {
    testing_support::flip_a_bit_of<std::int64_t>(path, "columns/0000/values");
  }
  static void flip_an_input(const std::string& path) {
    testing_support::flip_a_bit_of<float>(path, "numeric");
  }
  static void cut_in_half(const std::string& path) {
    const std::string bytes = read_file(path);
    replace(path, bytes.substr(0, bytes.size() / 2));
  }
  static void replace(const std::string& path, const std::string& bytes) {
    fs::remove(path);
    std::ofstream(path, std::ios::binary) << bytes;
  }

  // Damages the object, runs up to a stage that needs it under changed settings (so that the stage runs),
  // follows the message's advice, and has the first results again.
  void damage_and_mend(const std::string& path, void (*damage)(const std::string&),
                       const std::string& change) {
    damage(path);
    std::vector<std::string> changed = kRun;
    changed.insert(changed.end(), {"--set", change});
    expect_refusal(bench_.millrace(changed), Topic::kDamagedObject,
                   {relative(path), "damaged", "delete it and run again"});
    fs::remove(path);
    const ProcessResult again = bench_.millrace(kRun);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(bench_.latest_versions(), results_);
    EXPECT_TRUE(fs::exists(path)) << "the stage that makes it has not run again";
  }

  // Every folder of the workspace.
  void let_write(fs::perm_options change) const {
    fs::permissions(bench_.path("workspace"), fs::perms::owner_write, change);
    for (const auto& entry : fs::recursive_directory_iterator(bench_.path("workspace"))) {
      if (entry.is_directory()) fs::permissions(entry.path(), fs::perms::owner_write, change);
    }
  }

  Workbench bench_;
  Json results_;
};

TEST_F(Damage, ADataShardWithAFlippedBit) {
  run_well();
  damage_and_mend(data_shard(), flip_a_date, "data.split.validation=0.2");
}

TEST_F(Damage, AFeatureShardWithAFlippedBit) {
  run_well();
  damage_and_mend(feature_shard(), flip_an_input, "training.epochs=2");
}

// Each stage that reads shards says so by itself, on any number of ranks; what it does not read, it does not
// miss.
TEST_F(Damage, EveryReaderOfShardsTellsAFlippedBit) {
  run_well();
  const std::string whole = read_file(data_shard());
  flip_a_date(data_shard());
  const std::vector<std::string> says{relative(data_shard()), "column 'signup_date'",
                                      "'columns/0000/values' are not those that were written"};
  const auto expect_told = [&](const std::string& stage, const std::string& change, int ranks) {
    SCOPED_TRACE(stage);
    expect_refusal(bench_.millrace({stage, "pipeline.yaml", "--quiet", "--set", change}, ranks),
                   Topic::kDamagedObject, says);
  };
  for (const int ranks : {0, 3}) {
    expect_told("validate", "validation.expect=[{ column: signup_date, unique: true, action: warn }]", ranks);
    expect_told("features", "data.split.validation=0.2", ranks);
    expect_told("package", "package.golden_rows=3", ranks);
  }
  expect_refusal(bench_.millrace({"data", "export", "test", "--out", "x.csv"}), Topic::kDamagedObject, says);
  expect_refusal(bench_.millrace({"data", "export", "test", "--format", "hdf5", "--out", "x"}),
                 Topic::kDamagedObject, {relative(data_shard()), "do not match its name"});
  EXPECT_FALSE(fs::exists(bench_.path("x.csv")));
  EXPECT_FALSE(fs::exists(bench_.path("x/test.h5")));
  replace(data_shard(), whole);
  flip_an_input(feature_shard());
  for (const int ranks : {0, 3}) {
    expect_refusal(
        bench_.millrace({"train", "pipeline.yaml", "--quiet", "--set", "training.epochs=2"}, ranks),
        Topic::kDamagedObject, {relative(feature_shard()), "of 'numeric'"});
  }
}

TEST_F(Damage, AShardCutShort) {
  run_well();
  damage_and_mend(data_shard(), cut_in_half, "data.split.validation=0.2");
}

// The shard is large enough that its middle is among its values.
TEST_F(Damage, ABitThatFlipsWhileAShardIsWritten) {
  bench_.make_data(2, 3000);
  const ProcessResult flipped = bench_.millrace_under("bitflip:object", kRun);
  expect_refusal(flipped, Topic::kDamagedObject, {"damaged", "delete it and run again"});
}

TEST_F(Damage, WeightsWithAFlippedBit) {
  run_well();
  damage_and_mend(object(results_[2]), flip_a_bit, "evaluation.threshold=0.4");
}

TEST_F(Damage, AJournalEntryThatIsAlteredTornOrRemoved) {
  run_well();
  const std::string entry = bench_.path("workspace/registry/000000001.json");
  const std::string bytes = read_file(entry);
  const std::vector<std::string> again{"run", "pipeline.yaml", "--quiet", "--set", "training.epochs=2"};
  std::string altered = bytes;
  altered.replace(altered.find("\"user\""), 6, "\"used\"");
  replace(entry, altered);
  expect_refusal(bench_.millrace(again), Topic::kDamagedJournal, {relative(entry)});
  replace(entry, bytes.substr(0, bytes.size() / 2));
  expect_refusal(bench_.millrace(again), Topic::kDamagedJournal, {relative(entry)});
  fs::remove(entry);
  expect_refusal(bench_.millrace(again), Topic::kMissingEntry,
                 {"registry entry", "000000001.json", "missing"});
  replace(entry, bytes);
  const int code = bench_.millrace(again).exit_code;
  EXPECT_TRUE(code == 0 || code == 4) << code;  // 4: the second model may be worse
}

TEST_F(Damage, AWorkspaceOfANewerVersion) {
  run_well();
  const std::string marker = bench_.path("workspace/workspace.json");
  EXPECT_EQ(read_json_file(marker), Json({{"format", 1}}));
  replace(marker, "{\"format\": 2}");
  const auto runs = list_folder(bench_.path("workspace/runs"));
  for (const int ranks : {0, 3}) {
    expect_refusal(bench_.millrace(kRun, ranks), Topic::kNewerWorkspace, {"layout 2", "--workspace"});
  }
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"plan", "pipeline.yaml"},
                                             {"deploy", "pipeline.yaml", "--run", "latest"},
                                             {"status"},
                                             {"runs"},
                                             {"registry", "list"},
                                             {"registry", "show", "test"},
                                             {"data", "list"},
                                             {"data", "verify", "test"},
                                             {"data", "gc"},
                                             {"predict", "test", "data/day-001.csv"},
                                             {"serve", "test", "--port", "0"}}) {
    SCOPED_TRACE(command[0]);
    expect_refusal(bench_.millrace(command), Topic::kNewerWorkspace, {"layout 2", "--workspace"});
  }
  EXPECT_EQ(list_folder(bench_.path("workspace/runs")), runs) << "something was written into it";
}

// What only looks writes nothing: neither a file nor a name.
TEST_F(Damage, AReadOnlyWorkspaceCanBeLookedAt) {
  run_well();
  const std::string data = list_folder(bench_.path("data")).front();
  fs::copy(bench_.path("data"), bench_.path("elsewhere"));
  let_write(fs::perm_options::remove);  // stops all but root, whom the faults stop
  const std::string read_only = "write:1+:EROFS; sync:1+:EROFS; rename:1+:EROFS; link:1+:EROFS";
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"status"},
                                             {"runs"},
                                             {"registry", "list"},
                                             {"registry", "show", "test@champion"},
                                             {"data", "list"},
                                             {"data", "log", "test"},
                                             {"data", "show", "test"},
                                             {"data", "diff", "test", "test"},
                                             {"data", "verify", "test"},
                                             {"data", "export", "test"},
                                             {"data", "gc", "--dry-run"},
                                             {"predict", "test", "elsewhere/" + data}}) {
    const ProcessResult result = bench_.millrace_under(read_only, command);
    EXPECT_EQ(result.exit_code, 0) << command[0] << ": " << result.err;
    EXPECT_NE(result.out, "") << command[0];
  }
  std::vector<std::string> serve = bench_.millrace_command({"serve", "test", "--port", "0"});
  serve.insert(serve.begin(), {"env", "MILLRACE_FAULTS=" + read_only});
  const std::string log = bench_.path("server.log");
  bench_.write("server.log", "");
  BackgroundProcess server(serve, log, bench_.folder());
  for (int i = 0; i < 1000 && server.running() && read_file(log).find("http://") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::string said = read_file(log);
  ASSERT_NE(said.find("serving test version 1 at http://"), std::string::npos) << said;
  EXPECT_NE(said.find("do not find this server"), std::string::npos) << said;
  const std::string address(trim(said.substr(said.find("http://") + 7)));
  EXPECT_EQ(bench_.millrace({"request", "test", "{}", "--address", address}).exit_code, 0);
  let_write(fs::perm_options::add);
}

// A run that began "later" lies in the workspace, and so do sources of tomorrow.
TEST_F(Damage, AClockThatWasSetBack) {
  run_well();
  const std::string before = bench_.latest_run()["run"];
  const std::string later = "20991231T235959.999Z-1";
  fs::rename(bench_.path("workspace/runs/" + before), bench_.path("workspace/runs/" + later));
  Json record = read_json_file(bench_.path("workspace/runs/" + later + "/run.json"));
  record["run"] = later;
  record["started"] = "2099-12-31T23:59:59.999Z";
  replace(bench_.path("workspace/runs/" + later + "/run.json"), record.dump());
  for (const auto& entry : fs::directory_iterator(bench_.path("data")))
    fs::last_write_time(entry, fs::file_time_type::clock::now() + std::chrono::hours(24));

  const ProcessResult same = bench_.millrace(kRun);
  ASSERT_EQ(same.exit_code, 0) << same.err;
  const Json newest = bench_.latest_run();
  EXPECT_GT(newest["run"].get<std::string>(), later);
  EXPECT_EQ(bench_.latest_versions(), results_);
  for (const Json& stage : newest["stages"]) EXPECT_TRUE(stage["cached"]) << stage;
  EXPECT_EQ(Json::parse(bench_.millrace({"status", "--json"}).out)["run"], newest["run"]);
  EXPECT_EQ(Json::parse(bench_.millrace({"runs", "--json"}).out)[0]["run"], newest["run"]);

  // A source that changes within its second of tomorrow is read again, and the registry goes on counting.
  bench_.make_data(2, 160);
  for (const auto& entry : fs::directory_iterator(bench_.path("data")))
    fs::last_write_time(entry, fs::file_time_type::clock::now() + std::chrono::hours(24));
  const int code = bench_.millrace(kRun).exit_code;
  EXPECT_TRUE(code == 0 || code == 4) << code;  // 4: the second model may be worse
  EXPECT_NE(bench_.latest_run()["outputs"]["ingest"]["dataset"], results_[0]);
  EXPECT_EQ(bench_.millrace({"registry", "list"}).exit_code, 0);
}

TEST_F(Damage, AWorkspaceThatCannotBeWritten) {
  // Root may write anywhere, so the fault layer says what the system would say to others. The first file that
  // is opened is the configuration.
  for (const int ranks : {0, 3}) {
    expect_refusal(bench_.millrace_under("open:2+:EROFS@rank0", kRun, ranks), Topic::kReadOnly,
                   {"workspace 'workspace' cannot be written", "Read-only file system", "--workspace"});
  }
}

TEST_F(Damage, AFileSystemWithoutHardLinks) {
  for (const int ranks : {0, 3}) {
    expect_refusal(bench_.millrace_under("link:1+:EPERM", kRun, ranks), Topic::kNoHardLinks,
                   {"refs/data/test/000000001.json", "Operation not permitted", "hard links"});
  }
  const ProcessResult later = bench_.millrace(kRun);
  EXPECT_EQ(later.exit_code, 0) << later.err;
}

TEST_F(Damage, TwoRunsAtOnceBothEndWell) {
  const std::vector<std::string> other{"run", "pipeline.yaml", "--quiet", "--set", "training.seed=2"};
  BackgroundProcess beside(bench_.millrace_command(other), bench_.path("beside.log"), bench_.folder());
  const ProcessResult first = bench_.millrace(kRun);
  const int second = beside.wait(60);
  // A run ends well, or is refused by the gate, since the other one's model is better.
  EXPECT_TRUE(first.exit_code == 0 || first.exit_code == 4) << first.err;
  EXPECT_TRUE(second == 0 || second == 4) << read_file(bench_.path("beside.log"));
  EXPECT_EQ(bench_.millrace({"registry", "list"}).exit_code, 0);
  // Each can be had again.
  EXPECT_EQ(bench_.millrace({"train", "pipeline.yaml", "--quiet"}).exit_code, 0);
  EXPECT_TRUE(bench_.latest_run()["stages"][3]["cached"]);
}

TEST_F(Damage, ACheckpointWithAFlippedBitIsPassedOver) {
  const std::vector<std::string> train{"train", "pipeline.yaml", "--quiet", "--set",
                                       "training.checkpoint.every_steps=8"};
  std::vector<std::string> clean = train;
  clean.insert(clean.end(), {"--workspace", "clean"});
  // Sources that were left alone for 2 s are remembered, with one more rename: in both runs, or in none.
  std::this_thread::sleep_for(std::chrono::seconds(2));
  // The last six: weights, history, action, record, record, report. So the process is gone when training is
  // done, and its one checkpoint has a flipped bit.
  const std::size_t last = bench_.count_operations(clean)["rename"];
  ASSERT_GT(last, 6U);
  const std::string plan = fmt::format("bitflip:checkpoint; rename:{}:drop", last - 5);
  ASSERT_EQ(bench_.millrace_under(plan, train).exit_code, 137);
  const ProcessResult after = bench_.millrace(train);
  ASSERT_EQ(after.exit_code, 0) << after.err;
  EXPECT_NE(after.err.find("passing over a checkpoint"), std::string::npos) << after.err;
  EXPECT_EQ(bench_.latest_run()["outputs"]["train"]["weights"],
            bench_.latest_run("clean")["outputs"]["train"]["weights"]);
}

}  // namespace
}  // namespace millrace
