// Batch scoring through the real executable: kills, stops, pipes, and the server's answers.
#include <bit>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/ranks.hpp"
#include "cli/workbench.hpp"
#include "net/http.hpp"
#include "support/http_request.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::http_request;

using namespace testing_support;
namespace fs = std::filesystem;

using Words = std::vector<std::string>;

// Each test has a copy of one trained workspace.
class Predict : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    trained.emplace();
    trained->make_data(3, 700);
    const auto run = trained->millrace({"run", "pipeline.yaml", "--quiet"}, 2);
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }
  static void TearDownTestSuite() { trained.reset(); }
  Predict() {
    fs::copy(
        trained->folder(), bench_.folder(),
        fs::copy_options::recursive | fs::copy_options::copy_symlinks | fs::copy_options::overwrite_existing);
  }

  // Into `out`, in some twenty parts of a few blocks.
  static Words scoring(const std::string& out) {
    return {"predict", "test@champion",
            "data",    "--out",
            out,       "--quiet",
            "--keep",  "customer_id",
            "--set",   "data.shard_bytes=20000",
            "--set",   "data.block_bytes=5000"};
  }
  [[nodiscard]] std::string undisturbed() const {
    const auto scored = bench_.millrace(scoring("whole.csv"), 2);
    EXPECT_EQ(scored.exit_code, 0) << scored.err;
    return read_file(bench_.path("whole.csv"));
  }
  [[nodiscard]] std::size_t parts_in(const std::string& folder) const {
    std::size_t parts = 0;
    for (const std::string& name : list_folder(bench_.path(folder)))
      parts += name.starts_with("part-") && name.ends_with(".json") ? 1 : 0;
    return parts;
  }

  Workbench bench_;

 private:
  static std::optional<Workbench> trained;
};

std::optional<Workbench> Predict::trained;

TEST_F(Predict, GoesOnAfterAKillAtAnyOperation) {
  const std::string whole = undisturbed();
  const auto counts = bench_.count_operations(scoring("counted.csv"), 2);
  int left = 0;
  for (const std::string operation : {"write", "sync", "rename"}) {
    const std::size_t all = counts.at(operation);
    for (std::size_t k = 1; k <= all; k += std::max<std::size_t>(1, all / 5)) {
      const std::string plan = fmt::format("{}:{}:drop@rank{}", operation, k, k % 2);
      SCOPED_TRACE(plan);
      fs::remove_all(bench_.path("out.csv.parts"));
      fs::remove(bench_.path("out.csv"));
      if (bench_.millrace_under(plan, scoring("out.csv"), 2).exit_code != 0) ++left;
      const auto again = bench_.millrace(scoring("out.csv"), 1 + static_cast<int>(k % 3));
      ASSERT_EQ(again.exit_code, 0) << again.err;
      ASSERT_EQ(read_file(bench_.path("out.csv")), whole);
      EXPECT_EQ(parts_in("out.csv.parts"), 0U);
    }
  }
  EXPECT_GT(left, 8) << "hardly any kill came before the end";
}

TEST_F(Predict, GoesOnAfterAllRanksAreKilled) {
  const std::string whole = undisturbed();
  for (const std::size_t parts : {1U, 6U, 12U}) {
    fs::remove_all(bench_.path("out.csv.parts"));
    auto command = bench_.millrace_command(scoring("out.csv"), 3);
    command.insert(command.begin(), {"env", "MILLRACE_FAULTS=sync:1+:delay=0.01s"});
    BackgroundProcess job(command, bench_.path("log"), bench_.folder());
    while (parts_in("out.csv.parts") < parts && job.running())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const pid_t rank : ranks_of(job.pid())) ::kill(rank, SIGKILL);
    EXPECT_NE(job.wait(20), 0) << "it was done before the kill";
    EXPECT_GE(parts_in("out.csv.parts"), parts);
    ASSERT_EQ(bench_.millrace(scoring("out.csv"), 2).exit_code, 0);
    EXPECT_EQ(read_file(bench_.path("out.csv")), whole);
    fs::remove(bench_.path("out.csv"));
  }
}

TEST_F(Predict, StopsAfterAPartOnASignal) {
  const std::string whole = undisturbed();
  for (const int signal : {SIGUSR1, SIGTERM}) {
    fs::remove_all(bench_.path("out.csv.parts"));
    auto command = bench_.millrace_command(scoring("out.csv"), 2);
    command.insert(command.begin(), {"env", "MILLRACE_FAULTS=sync:1+:delay=0.02s"});
    BackgroundProcess job(command, bench_.path("log"), bench_.folder());
    while (parts_in("out.csv.parts") < 2 && job.running())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const pid_t rank : ranks_of(job.pid())) ::kill(rank, signal);
    EXPECT_EQ(job.wait(20), 75) << read_file(bench_.path("log"));
    for (const std::string& name : list_folder(bench_.path("out.csv.parts")))
      EXPECT_EQ(name.find("tmp"), std::string::npos) << name << " is left";
    ASSERT_EQ(bench_.millrace(scoring("out.csv"), 3).exit_code, 0);
    EXPECT_EQ(read_file(bench_.path("out.csv")), whole);
    fs::remove(bench_.path("out.csv"));
  }
}

TEST_F(Predict, WritesToStandardOutputAndReadsFromAPipe) {
  const auto names = list_folder(bench_.path("data"));
  const std::string file = "data/" + names.front();
  const auto alone = bench_.millrace({"predict", "test", file});
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_EQ(split(alone.out, '\n').size(), 700U + 2U);
  EXPECT_EQ(bench_.millrace({"predict", "test", file}, 3).out, alone.out);
  const std::string executable = bench_.millrace_command({}).front();
  const auto piped =
      run_process({"sh", "-c", fmt::format("'{}' predict test - < {}", executable, file)}, bench_.folder());
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
  const auto without_file = [](const std::string& csv) {
    std::string rest;
    for (const std::string& line : split(csv, '\n'))
      rest += line.substr(std::min(line.find(','), line.size())) + "\n";
    return rest;
  };
  EXPECT_EQ(without_file(piped.out), without_file(alone.out));
  expect_topic(bench_.millrace({"predict", "test", file, "--json"}).exit_code,
               bench_.millrace({"predict", "test", file, "--json"}).err, Topic::kCommandLine);
}

// Of a line of a CSV file; a quote within quotes is doubled.
Words fields_of(const std::string& line) {
  Words fields{""};
  bool quoted = false;
  char before = ',';
  for (const char c : line) {
    if (c == '"') {
      if (!quoted && before == '"') fields.back() += c;
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
    before = c;
  }
  return fields;
}

// The rows as clients would send them: names and types are those that the server tells.
Json rows_for_server(const std::string& csv, const Json& inputs, std::size_t count) {
  const auto lines = split(csv, '\n');
  const auto names = split(lines.at(0), ',');
  std::map<std::string, std::string> types;
  for (const Json& input : inputs) types[input.at("name")] = input.at("datatype");
  Json rows = Json::array();
  for (std::size_t i = 1; i <= count; ++i) {
    const Words fields = fields_of(lines.at(i));
    Json row = Json::object();
    for (std::size_t k = 0; k < names.size(); ++k) {
      const auto type = types.find(names[k]);
      if (type == types.end()) continue;
      row[names[k]] = fields.at(k).empty()      ? Json()
                      : type->second == "BYTES" ? Json(fields[k])
                                                : Json::parse(fields[k]);
    }
    rows.push_back(row);
  }
  return rows;
}

TEST_F(Predict, GivesTheServersAnswersToTheBit) {
  const std::string file = "data/" + list_folder(bench_.path("data")).front();
  const auto scored = split(bench_.millrace({"predict", "test", file}).out, '\n');
  const BackgroundProcess server(
      bench_.millrace_command({"serve", "test", "--port", "0", "--address-file", "address"}),
      bench_.path("server.log"), bench_.folder());
  for (int i = 0; i < 2000 && !fs::exists(bench_.path("address")); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const std::string url =
      "http://" + std::string(trim(read_file(bench_.path("address")))) + "/v2/models/test";
  const Json model = Json::parse(http_request("GET", url).body);
  const std::string csv = read_file(bench_.path(file));
  constexpr std::size_t kRows = 300;
  const Json rows = rows_for_server(csv, model.at("inputs"), kRows);
  for (const std::size_t at_once : {1U, 7U, 300U}) {  // whatever the batch
    for (std::size_t first = 0; first + at_once <= kRows; first += at_once * 5) {
      Json batch = Json::array();
      for (std::size_t i = first; i < first + at_once; ++i) batch.push_back(rows[i]);
      const auto answer = http_request("POST", url + "/predict", Json({{"rows", batch}}).dump());
      ASSERT_EQ(answer.status, 200) << answer.body;
      const Json predictions = Json::parse(answer.body).at("predictions");
      for (std::size_t i = 0; i < at_once; ++i) {
        const auto fields = split(scored.at(1 + first + i), ',');
        EXPECT_EQ(std::bit_cast<std::uint32_t>(std::stof(fields.at(3))),
                  std::bit_cast<std::uint32_t>(predictions[i].at("probability").get<float>()));
        EXPECT_EQ(fields.at(4), predictions[i].at("class"));
      }
    }
  }
}

TEST_F(Predict, ComparesTwoVersionsAndSaysWhatIsWrong) {
  const auto more = bench_.millrace({"run", "pipeline.yaml", "--quiet", "--set", "training.epochs=1", "--set",
                                     "training.seed=5", "--set", "evaluation.gate.not_worse_by=1"});
  ASSERT_EQ(more.exit_code, 0) << more.err;
  const auto shadow = bench_.millrace(
      {"predict", "test/1", "data", "--out", "shadow.csv", "--against", "test/2", "--json", "--quiet"}, 2);
  ASSERT_EQ(shadow.exit_code, 0) << shadow.err;
  const Json manifest = Json::parse(shadow.out);
  EXPECT_EQ(manifest["comparison"]["rows"], 2100);
  EXPECT_GT(manifest["comparison"]["largest_difference"], 0);
  const auto told =
      bench_.millrace({"predict", "test/1", "data", "--out", "same.h5", "--against", "test/1", "--quiet"});
  EXPECT_NE(told.out.find("2,100 rows compared, 2,100 equal to the bit"), std::string::npos)
      << told.out << told.err;
  const auto other = bench_.millrace({"predict", "test/2", "data", "--out", "shadow.csv"}, 2);
  expect_topic(other.exit_code, other.err, Topic::kOtherScores);
  const auto mistaken =
      bench_.millrace({"predict", "test", "data", "--out", "x.csv", "--keep", "customer_idd"});
  EXPECT_NE(mistaken.err.find("did you mean 'customer_id'?"), std::string::npos) << mistaken.err;
  const auto unset =
      bench_.millrace({"predict", "test", "data", "--out", "x.csv", "--set", "data.delimitr=;"});
  EXPECT_EQ(unset.exit_code, 2);
  EXPECT_NE(unset.err.find("did you mean"), std::string::npos) << unset.err;
}

}  // namespace
}  // namespace millrace
