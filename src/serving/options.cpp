#include "serving/options.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include <boost/program_options/value_semantic.hpp>
#include <fmt/core.h>

#include "base/topics.hpp"

namespace millrace {

namespace {

namespace po = boost::program_options;

po::typed_value<std::string>* text(std::string& target, const char* unit) {
  return po::value(&target)->value_name(unit)->default_value(target);
}

// A whole number that `target` can hold. Read as a signed one: otherwise -1 would be the largest of all.
template <class T>
po::typed_value<std::int64_t>* count(T& target, const char* name, const char* unit) {
  return po::value<std::int64_t>()
      ->value_name(unit)
      ->default_value(static_cast<std::int64_t>(target))
      ->notifier([&target, name](std::int64_t given) {
        if (!std::in_range<T>(given)) {
          throw Error(Topic::kCommandLine, "--{} must be from 0 to {}, not {}", name,
                      std::min<std::uint64_t>(std::numeric_limits<T>::max(),
                                              std::numeric_limits<std::int64_t>::max()),
                      given);
        }
        target = static_cast<T>(given);
      });
}

// In seconds or per second: shown as it would be written.
po::typed_value<double>* number(double& target, const char* unit) {
  return po::value(&target)->value_name(unit)->default_value(target, fmt::format("{}", target));
}

}  // namespace

void add_server_options(po::options_description& options, ServerOptions& server) {
  HttpServerOptions& http = server.http;
  auto add = options.add_options();
  add("artifact", po::value(&server.artifacts)->value_name("FILE")->composing(),
      "serve this artifact; may be given several times");
  add("host", text(http.host, "HOST"), "the address to listen on; 0.0.0.0 for all");
  add("port", count(http.port, "port", "N"), "0: any free one");
  add("threads", count(http.threads, "threads", "N"), "threads that answer requests");
  add("cores", po::value(&http.cores)->multitoken()->value_name("N N …"),
      "the cores that these threads stay on, in turn");
  add("address-file", po::value(&server.address_file)->value_name("FILE"),
      "write host:port here (with TLS https://host:port) once the server listens; by default "
      "deploy/ENDPOINT/address of the workspace");
  add("tls-certificate", po::value(&http.tls.certificate)->value_name("FILE"),
      "PEM: speak TLS, with this certificate and its chain");
  add("tls-key", po::value(&http.tls.key)->value_name("FILE"), "PEM: its key; without it in the same file");
  add("tls-client-authorities", po::value(&http.tls.client_authorities)->value_name("FILE"),
      "PEM: clients need a certificate that one of these has signed");
  add("access-log", po::value(&http.access_log.path)->value_name("FILE"), "a JSON line for each request");
  add("access-log-bytes", count(http.access_log.file_bytes, "access-log-bytes", "BYTES"),
      "of a file; then it becomes FILE.1");
  add("access-log-files", count(http.access_log.files, "access-log-files", "N"), "older ones that are kept");
  add("access-log-sample", count(http.access_log.sample, "access-log-sample", "N"),
      "of answers below 400 one in N; of others all");
  add("max-connections", count(http.connections, "max-connections", "N"),
      "open at once; more are answered 503");
  add("max-in-flight", count(http.in_flight, "max-in-flight", "N"),
      "requests with a body at once; more are answered 503");
  add("max-rate", number(http.rate, "N"),
      "requests a second of one client address; more are answered 429; 0: any");
  add("request-log", po::value(&server.request_log.folder)->value_name("FOLDER"),
      "what is asked and answered, a JSON line a row");
  add("request-log-share", number(server.request_log.share, "SHARE"), "of the requests, 0 to 1");
  add("request-log-exclude", po::value(&server.request_log.exclude)->value_name("COLUMN")->composing(),
      "that is not written, such as names; may be given several times");
  add("request-log-bytes", count(server.request_log.file_bytes, "request-log-bytes", "BYTES"),
      "of a file; then it becomes requests.jsonl.1");
  add("request-log-files", count(server.request_log.files, "request-log-files", "N"),
      "older ones that are kept");
  add("admin-listen", po::value(&server.admin_listen)->value_name("HOST:PORT"),
      "where alone models may be loaded and unloaded");
  add("tokens", po::value(&server.tokens)->value_name("FILE"),
      "a token a line; without one of them requests are answered 401");
  add("admin-tokens", po::value(&server.admin_tokens)->value_name("FILE"),
      "the same for loading and unloading models, which nobody may without");
  add("device", text(server.device.device, "DEVICE"),
      "that scores large batches: cpu; cuda, a GPU; auto, a GPU where there is one");
  add("device-rows", count(server.device.least_rows, "device-rows", "ROWS"),
      "that a batch has at least to be scored on the GPU");
  add("max-batch", count(server.scoring.max_batch, "max-batch", "ROWS"),
      "that are scored together; 1: each request by itself, at once");
  add("max-delay", number(server.scoring.max_delay, "S"), "that a batch waits for more rows");
  add("max-queue", count(server.scoring.max_queue, "max-queue", "N"),
      "requests that wait to be scored; more are answered 503");
  add("deadline", number(server.scoring.deadline, "S"),
      "after which a request that waits is answered 503; 0: none");
  add("max-rows", count(server.scoring.max_rows, "max-rows", "N"), "in one request; more are answered 400");
  add("max-body", count(http.body_limit, "max-body", "BYTES"), "of a request; more are answered 413");
  add("max-header", count(http.header_limit, "max-header", "BYTES"), "of a request; more are answered 431");
  add("header-seconds", number(http.header_seconds, "S"),
      "for a header to arrive; later ones are answered 408");
  add("body-seconds", number(http.body_seconds, "S"), "for a body to arrive; later ones are answered 408");
  add("body-rate", number(http.body_rate, "BYTES"),
      "a second that a body keeps on average; slower ones are answered 408");
  add("idle-seconds", number(http.idle_seconds, "S"), "until an idle connection is closed");
}

}  // namespace millrace
