#include "cli/served_endpoint.hpp"

#include <charconv>

#include "base/file.hpp"
#include "base/text.hpp"
#include "support/http_request.hpp"
#include "support/patience.hpp"

namespace millrace::testing_support {

namespace {

// Limits that a machine under load keeps: what is judged is tested in tests/deployment/.
constexpr const char* kRules =
    "evaluation: { gate: false }\n"
    "deployment: { canary: 30, steps: [60], window: 0.3, min_requests: 20, patience: 60, latency_p99: 10, "
    "max_drift: 10, min_agreement: 0.1 }\n";

Json value_of(const std::string& text) {
  if (text.empty()) return nullptr;
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() ? Json(number) : Json(text);
}

std::vector<AskedRow> rows_of(const std::string& path) {
  const std::vector<std::string> lines = split(trim(read_file(path)), '\n');
  const std::vector<std::string> names = split(lines[0], ',');
  std::vector<AskedRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].find('"') != std::string::npos) continue;
    const std::vector<std::string> fields = split(lines[i], ',');
    AskedRow row;
    for (std::size_t c = 0; c < names.size(); ++c) {
      if (names[c] == "churned")
        row.label = fields[c];
      else if (names[c] != "customer_id")
        row.values[names[c]] = value_of(fields[c]);
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

Answer ask(const std::string& address, const std::string& endpoint, const std::vector<AskedRow>& rows,
           std::size_t row, const std::string& id) {
  Json body{{"rows", Json::array({rows[row].values})}};
  if (!id.empty()) body["id"] = id;
  try {
    const HttpAnswer response = http_request(
        "POST", fmt::format("http://{}/v2/models/{}/predict", address, endpoint), body.dump(), 30);
    if (response.status != 200) return {row, response.status, 0, response.body};
    const Json answer = Json::parse(response.body);
    return {row, 200, std::stoull(answer.at("version").get<std::string>()), answer.at("predictions").dump()};
  } catch (const Error& error) {
    return {row, 0, 0, error.message()};
  }
}

Asker::Asker(std::string address, std::string endpoint, const std::vector<AskedRow>& rows)
    : thread_([this, address = std::move(address), endpoint = std::move(endpoint),
               &rows](const std::stop_token& stop) {
        for (std::size_t i = 0; !stop.stop_requested(); ++i) {
          Answer answer = ask(address, endpoint, rows, i % rows.size());
          const std::lock_guard lock(mutex_);
          answers_.push_back(std::move(answer));
        }
      }) {}

bool Asker::has_seen(std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  return !answers_.empty() && answers_.back().version == version;
}

std::vector<Answer> Asker::finish() {
  thread_.request_stop();
  thread_.join();
  return std::move(answers_);
}

std::unique_ptr<Workbench> ServedEndpoint::bench;
std::vector<AskedRow> ServedEndpoint::rows;
std::string ServedEndpoint::first;
std::string ServedEndpoint::second;

void ServedEndpoint::SetUpTestSuite() {
  bench = std::make_unique<Workbench>();
  bench->make_data(2, 300);
  bench->write("pipeline.yaml", Workbench::configuration(kRules));
  rows = rows_of(bench->path("data/churn-2026-10-01.csv"));
  ASSERT_GT(rows.size(), 100U);
  first = package({});
  second = package({"training.seed=2"});
}

std::string ServedEndpoint::package(const std::vector<std::string>& settings) {
  std::vector<std::string> words{"package", "pipeline.yaml", "--quiet"};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  const ProcessResult made = bench->millrace(words);
  EXPECT_EQ(made.exit_code, 0) << made.err;
  return bench->latest_run().at("run");
}

void ServedEndpoint::SetUp() {
  endpoint_ = testing::UnitTest::GetInstance()->current_test_info()->name();
  const ProcessResult deployed = deploy(first);
  ASSERT_EQ(deployed.exit_code, 0) << deployed.err;
  start_server();
}

std::vector<std::string> ServedEndpoint::words(const std::string& run,
                                               const std::vector<std::string>& settings) const {
  std::vector<std::string> words{"deploy", "pipeline.yaml", "--run", run, "--quiet"};
  words.insert(words.end(), {"--set", "deployment.endpoint=" + endpoint_});
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", "deployment." + setting});
  return words;
}

// Without --address-file: its address is where deployments look.
void ServedEndpoint::start_server() {
  server_ = std::make_unique<BackgroundProcess>(
      std::vector<std::string>{MILLRACE_SERVE, "--workspace", "workspace", "--endpoint", endpoint_, "--port",
                               "0", "--request-log", folder() + "/requests"},
      bench->path(endpoint_ + ".server.log"), bench->folder());
  eventually([&] { return ask_arms(root(), endpoint_).has_value(); });
}

std::string ServedEndpoint::address() const {
  return std::string(trim(read_file(folder() + "/address")));
}

std::string ServedEndpoint::story() const {
  std::vector<std::string> types;
  for (const Json& entry : entries()) types.push_back(entry.at("type"));
  return join(types, " ");
}

void ServedEndpoint::eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + patience(30);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return (void)(ADD_FAILURE() << "waited in vain");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

bool ServedEndpoint::candidate_is_asked() const {
  const auto report = ask_arms(root(), endpoint_);
  if (!report) return false;
  for (const ReportedArm& arm : report->arms)
    if (arm.arm == "candidate" && arm.counts.requests > 0) return true;
  return false;
}

void ServedEndpoint::expect_stepped_up() const {
  EXPECT_EQ(story(), "deploy deploy step promote");
  EXPECT_EQ(state().current.version, 2U);
  EXPECT_EQ(state().previous.value().version, 1U);
  EXPECT_FALSE(state().candidate);
  EXPECT_EQ(state(), standing().state);  // servers are shown what the journal says
}

}  // namespace millrace::testing_support
