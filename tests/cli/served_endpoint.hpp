// An endpoint that a real millrace-serve answers for, clients that ask it without a pause, and deployments of
// two versions to it. Each test has an endpoint of its own in the workspace of the suite.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "cli/workbench.hpp"
#include "deployment/arms.hpp"
#include "deployment/endpoint_journal.hpp"

namespace millrace::testing_support {

struct AskedRow {
  Json values;
  std::string label;  // of the column "churned"
};

struct Answer {
  std::size_t row = 0;
  int status = 0;
  std::uint64_t version = 0;
  std::string predictions;  // the text of the numbers: bits that differ have another text
};

Answer ask(const std::string& address, const std::string& endpoint, const std::vector<AskedRow>& rows,
           std::size_t row, const std::string& id = "");

// Asks for row after row, over and over, at whatever address the endpoint has.
class Asker {
 public:
  Asker(std::string address, std::string endpoint, const std::vector<AskedRow>& rows);
  ~Asker() { thread_.request_stop(); }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  [[nodiscard]] bool has_seen(std::uint64_t version);
  std::vector<Answer> finish();  // in order

 private:
  std::mutex mutex_;
  std::vector<Answer> answers_;
  std::jthread thread_;
};

class ServedEndpoint : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite() { bench.reset(); }
  void SetUp() override;

  // `millrace deploy` of a run, under settings of deployment: "window=600".
  [[nodiscard]] std::vector<std::string> words(const std::string& run,
                                               const std::vector<std::string>& settings = {}) const;
  ProcessResult deploy(const std::string& run, const std::vector<std::string>& settings = {}) {
    return bench->millrace(words(run, settings));
  }
  std::unique_ptr<BackgroundProcess> deploy_meanwhile(const std::string& run,
                                                      const std::vector<std::string>& settings) {
    return std::make_unique<BackgroundProcess>(bench->millrace_command(words(run, settings)), log(),
                                               bench->folder());
  }
  ProcessResult by_hand(const std::string& action, const std::string& reason) {
    return bench->millrace({"deploy", action, endpoint_, "--reason", reason});
  }
  // The run's name.
  static std::string package(const std::vector<std::string>& settings);

  void start_server();
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::string folder() const { return root() + "/deploy/" + endpoint_; }
  [[nodiscard]] static std::string root() { return bench->path("workspace"); }
  [[nodiscard]] std::string log() const { return bench->path(endpoint_ + ".log"); }
  [[nodiscard]] EndpointState state() const { return read_endpoint(root(), endpoint_).value(); }
  [[nodiscard]] Standing standing() const { return EndpointJournal(root(), endpoint_).standing(); }
  [[nodiscard]] std::vector<Json> entries() const { return EndpointJournal(root(), endpoint_).entries(); }
  [[nodiscard]] std::string story() const;  // "deploy deploy step promote"
  // Until it holds; half a minute is a failure.
  static void eventually(const std::function<bool()>& holds);
  [[nodiscard]] bool candidate_is_asked() const;
  // As the journal and the state of an undisturbed canary end.
  void expect_stepped_up() const;

  static std::unique_ptr<Workbench> bench;
  static std::vector<AskedRow> rows;
  static std::string first;   // runs
  static std::string second;  // of another model
  std::string endpoint_;
  std::unique_ptr<BackgroundProcess> server_;
};

}  // namespace millrace::testing_support
