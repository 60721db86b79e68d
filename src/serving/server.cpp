#include "serving/server.hpp"

#include <chrono>

#include <unistd.h>

#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "serving/service.hpp"

namespace millrace {

namespace {

// How soon a change of an endpoint is seen: what takes a bad version back has a second.
constexpr std::chrono::milliseconds kLookInterval{100};

// Tells scripts where the server is, and only while it is there.
class AddressFile {
 public:
  explicit AddressFile(std::string path) : path_(std::move(path)) { remove(); }
  ~AddressFile() { remove(); }
  AddressFile(const AddressFile&) = delete;
  AddressFile& operator=(const AddressFile&) = delete;

  void publish(const std::string& address) const {
    if (!path_.empty()) publish_file(path_, address + "\n");
  }

 private:
  void remove() const {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  std::string path_;
};

void check(const ServerOptions& options) {
  if (options.endpoints.empty() && options.artifacts.empty() && options.admin_tokens.empty())
    throw Error(Topic::kCommandLine, "say what to serve: artifact files, or a workspace and its endpoints");
  if (!options.endpoints.empty() && options.workspace.empty())
    throw Error(Topic::kCommandLine, "endpoint '{}' of which workspace? --workspace DIR",
                options.endpoints.front());
  if (options.scoring.max_rows == 0) throw usage_error("a request needs room for one row: --max-rows is 0");
}

void load_all(const ServerOptions& options, ModelRepository& repository) {
  for (const std::string& endpoint : options.endpoints) repository.follow(endpoint);
  for (const std::string& artifact : options.artifacts) repository.add_artifact(artifact);
}

Authorization authorization_of(const ServerOptions& options) {
  const auto tokens = [](const std::string& path) {
    return path.empty() ? std::vector<Digest>() : read_tokens(path);
  };
  return {tokens(options.tokens), tokens(options.admin_tokens)};
}

ScoringOptions scoring_of(const ServerOptions& options) {
  ScoringOptions scoring = options.scoring;
  scoring.threads = options.http.threads;
  return scoring;
}

void log_served(const Catalog& catalog, const std::string& address) {
  for (const auto& served : catalog.distinct()) {
    log_info("serving {} version {} at http://{}", served->current().what.model,
             served->current().what.version, address);
  }
}

}  // namespace

void run_server(const ServerOptions& options) {
  check(options);
  const AddressFile address_file(options.address_file);
  Metrics metrics;
  ModelRepository repository(options.workspace, metrics);
  load_all(options, repository);
  const Authorization authorization = authorization_of(options);
  Scoring scoring(scoring_of(options), nullptr);
  Background background(kLookInterval, [&] { repository.look(); });
  Service service({repository, scoring, background, metrics, authorization, options.http.counters});

  HttpServer server(options.http, [&](HttpExchange& exchange) { service.answer(exchange); });
  service.set_address(server.address());
  address_file.publish(server.address());
  log_served(*repository.catalog(), server.address());
  server.run();
  log_info("stopped serving");
}

}  // namespace millrace
