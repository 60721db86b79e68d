// millrace request to servers that speak TLS, know their clients by certificates or tokens, or listen on a
// socket of the file system; and what load says to them.
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "net/certificates.hpp"
#include "serving/tiny_artifact.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::Certificates;
using testing_support::expect_topic;
using testing_support::ProcessResult;
using testing_support::Workbench;

using Words = std::vector<std::string>;

constexpr const char* kAddressFile = "workspace/deploy/churn/address";
constexpr const char* kRow = R"({"tenure": 5, "contract": "One year"})";

class RequestAccess : public testing::Test {
 protected:
  RequestAccess() {
    write_artifact(bench_.path("churn-7.tar.zst"), testing_support::tiny_artifact());
    bench_.write(kAddressFile, "");
    bench_.write("tokens", "0123456789abcdef\n");
  }

  // The address that the server has published.
  std::string serve(const Words& options) {
    Words arguments{"serve", "--artifact", "churn-7.tar.zst", "--port", "0", "--address-file", kAddressFile};
    arguments.insert(arguments.end(), options.begin(), options.end());
    server_.emplace(bench_.millrace_command(arguments), bench_.path("server.log"), bench_.folder());
    std::string address;
    for (int i = 0; i < 4000 && address.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      if (path_exists(bench_.path(kAddressFile))) address = trim(read_file(bench_.path(kAddressFile)));
    }
    return address;
  }
  Words with_tls(const std::string& name = "server") const {
    return {"--tls-certificate", certificates_.path(name + ".pem"), "--tls-key",
            certificates_.path(name + ".key")};
  }
  std::string authorities() const { return certificates_.path("ca.pem"); }

  ProcessResult request(const Words& options) const {
    Words arguments{"request", "--endpoint", "churn", "--row", kRow};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return bench_.millrace(arguments);
  }
  void expect_answer(const Words& options) const {
    const ProcessResult result = request(options);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find("\"probability\""), std::string::npos) << result.out;
  }
  void expect_failure(const Words& options, Topic topic, const std::string& part) const {
    const ProcessResult result = request(options);
    expect_topic(result.exit_code, result.err, topic);
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    EXPECT_EQ(result.out, "");
  }

  const Certificates certificates_;
  const Workbench bench_;
  std::optional<BackgroundProcess> server_;
};

TEST_F(RequestAccess, TlsIsSpokenWithServersThatAreTrusted) {
  const std::string address = serve(with_tls());
  ASSERT_EQ(address.substr(0, 18), "https://127.0.0.1:") << address;
  const Certificates others;
  expect_answer({"--tls-authorities", authorities()});
  expect_answer({"--tls-authorities", authorities(), "--protocol", "infer"});
  expect_failure({"--tls-authorities", others.path("ca.pem")}, Topic::kTls,
                 "cannot reach '" + address + "': SSL certificate problem");
  expect_failure({}, Topic::kTls, "SSL certificate problem");
  expect_failure({"--tls-authorities", "none.pem"}, Topic::kTls, "certificate 'none.pem' cannot be used");
  expect_failure({"--address", address.substr(8)}, Topic::kUnreachableServer, address.substr(8));
}

TEST_F(RequestAccess, OnlyWhoHasACertificateIsAnswered) {
  Words options = with_tls();
  options.insert(options.end(), {"--tls-client-authorities", authorities()});
  ASSERT_NE(serve(options), "");
  certificates_.make("ann");
  Words ann = with_tls("ann");
  ann.insert(ann.end(), {"--tls-authorities", authorities()});
  expect_answer(ann);
  const ProcessResult without = request({"--tls-authorities", authorities()});
  EXPECT_EQ(without.exit_code, static_cast<int>(ExitCode::kResource)) << without.err;
  EXPECT_NE(without.err.find("; it may want a certificate of its client"), std::string::npos) << without.err;
}

TEST_F(RequestAccess, TheTokenIsSent) {
  ASSERT_NE(serve({"--tokens", "tokens"}), "");
  bench_.write("other", "fedcba9876543210\n");
  bench_.write("empty", "# none\n");
  expect_answer({"--token-file", "tokens"});
  expect_failure({}, Topic::kRefusedRequest, "HTTP 401");
  expect_failure({"--token-file", "other"}, Topic::kRefusedRequest, "HTTP 401");
  expect_failure({"--token-file", "empty"}, Topic::kAccessToken, "the file of tokens 'empty' has none");
  const ProcessResult load = bench_.millrace({"load", "--endpoint", "churn", "--row", kRow, "--token-file",
                                              "tokens", "--duration", "0.2", "--warmup", "0", "--json"});
  ASSERT_EQ(load.exit_code, 0) << load.err;
  const Json counted = Json::parse(load.out);
  EXPECT_EQ(counted["statuses"], Json({{"200", counted["requests"]}}));
}

TEST_F(RequestAccess, SocketsOfTheFileSystemAreAsked) {
  ASSERT_EQ(serve({"--host", "unix:socket"}), "unix:socket");
  expect_answer({});
  expect_failure({"--address", "unix:nothing"}, Topic::kUnreachableServer,
                 "cannot reach 'unix:nothing': No such file or directory");
}

TEST_F(RequestAccess, ALoadSaysThatItSpeaksPlainHttp) {
  for (const char* address : {"https://127.0.0.1:1", "unix:socket"}) {
    const ProcessResult load = bench_.millrace({"load", "churn", "--row", kRow, "--address", address});
    expect_topic(load.exit_code, load.err, Topic::kCommandLine);
    EXPECT_NE(load.err.find("a load speaks plain HTTP over TCP"), std::string::npos) << load.err;
  }
}

}  // namespace
}  // namespace millrace
