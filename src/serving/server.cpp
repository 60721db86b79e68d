#include "serving/server.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "base/rotating_log.hpp"
#include "base/signals.hpp"
#include "base/topics.hpp"
#include "serving/published_address.hpp"
#include "serving/service.hpp"

namespace millrace {

namespace {

// How soon a change of an endpoint is seen: what takes a bad version back has a second.
constexpr std::chrono::milliseconds kLookInterval{100};

// After its address is gone: whoever has just read it still gets an answer.
constexpr std::chrono::milliseconds kLastCalls{500};

void check(const ServerOptions& options) {
  if (options.endpoints.empty() && options.artifacts.empty() && options.admin_tokens.empty())
    throw Error(Topic::kCommandLine, "say what to serve: artifact files, or a workspace and its endpoints");
  if (!options.endpoints.empty() && options.workspace.empty())
    throw Error(Topic::kCommandLine, "endpoint '{}' of which workspace? --workspace DIR",
                options.endpoints.front());
  if (!(options.request_log.share >= 0 && options.request_log.share <= 1))
    throw Error(Topic::kCommandLine, "--request-log-share is from 0 to 1, not {}", options.request_log.share);
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

std::unique_ptr<RotatingLog> open_request_log(const RequestLogOptions& options) {
  if (options.folder.empty()) return nullptr;
  return std::make_unique<RotatingLog>(RotatingLogOptions{
      .path = options.folder + "/requests.jsonl", .file_bytes = options.file_bytes, .files = options.files});
}

std::optional<RequestLog> request_log_of(const RequestLogOptions& options, RotatingLog* lines) {
  if (lines == nullptr) return std::nullopt;
  return RequestLog([lines](std::string_view line) { lines->add(line); }, options.share, options.exclude);
}

// The administrators' address is the second one.
HttpServerOptions http_of(const ServerOptions& options) {
  HttpServerOptions http = options.http;
  if (options.admin_listen.empty()) return http;
  const auto colon = options.admin_listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : options.admin_listen.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoul(port) > 65535)
    throw Error(Topic::kCommandLine, "--admin-listen takes HOST:PORT, not '{}'", options.admin_listen);
  http.listeners.push_back({.host = options.admin_listen.substr(0, colon),
                            .port = static_cast<std::uint16_t>(std::stoul(port)),
                            .tls = !http.tls.certificate.empty()});
  return http;
}

ScoringOptions scoring_of(const ServerOptions& options) {
  ScoringOptions scoring = options.scoring;
  scoring.threads = options.http.threads;
  scoring.notes = !options.http.access_log.path.empty();
  return scoring;
}

std::unique_ptr<ScoringDevice> device_of(const ServerOptions& options) {
  auto device = find_scoring_device(options.device);
  if (device != nullptr)
    log_info("batches of {} rows and more are scored on a GPU ({})", device->least_rows(), device->name());
  return device;
}

void log_served(const Catalog& catalog, const std::string& url) {
  for (const auto& served : catalog.distinct()) {
    log_info("serving {} version {} at {}", served->current().what.model, served->current().what.version,
             url);
  }
}

}  // namespace

void run_server(const ServerOptions& options) {
  check(options);
  PublishedAddress published(options);
  Metrics metrics;
  const auto device = device_of(options);
  ModelRepository repository(options.workspace, metrics, device.get());
  load_all(options, repository);
  const Authorization authorization = authorization_of(options);
  const auto lines = open_request_log(options.request_log);
  auto log = request_log_of(options.request_log, lines.get());
  Scoring scoring(scoring_of(options), log ? &*log : nullptr);
  Background background(kLookInterval, [&] { repository.look(); });
  Service service({repository, scoring, background, metrics, authorization, options.http.counters,
                   lines.get(), options.admin_listen.empty() ? 0U : 1U, device.get()});

  HttpServer server(http_of(options), [&](HttpExchange& exchange) { service.answer(exchange); });
  service.set_address(server.address());
  const bool tls = !options.http.tls.certificate.empty();
  published.publish((tls ? "https://" : "") + server.address());
  log_served(*repository.catalog(), (tls ? "https://" : "http://") + server.address());
  server.run([&] {
    if (stop_requested() && published.withdraw()) std::this_thread::sleep_for(kLastCalls);
  });
  log_info("stopped serving");
}

}  // namespace millrace
