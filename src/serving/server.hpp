// The inference server: Open Inference Protocol v2 (REST), plain JSON rows on /predict, Prometheus text on
// /metrics. No MPI, no training code, no CUDA at link time. docs/serving.md has the routes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "device/scoring_device.hpp"
#include "net/http.hpp"
#include "serving/calls/scoring.hpp"

namespace millrace {

// What was asked and answered: docs/serving.md, "Request log".
struct RequestLogOptions {
  std::string folder;                // "": none
  double share = 1;                  // of the requests
  std::vector<std::string> exclude;  // columns
  std::uint64_t file_bytes = std::uint64_t{64} << 20U;
  std::uint32_t files = 5;  // older ones that are kept
};

struct ServerOptions {
  ServerOptions() { http.port = 8080; }

  HttpServerOptions http;              // port 0: any free one
  ScoringOptions scoring;              // its threads are http's
  ScoringDeviceOptions device;         // for large batches
  std::string workspace;               // where endpoints are, and versions that are loaded on request
  std::vector<std::string> endpoints;  // serve what is deployed there and follow its switches
  std::vector<std::string> artifacts;  // serve these files
  RequestLogOptions request_log;
  std::string admin_listen;  // HOST:PORT where alone what is served may be changed; "": where all else is
  std::string tokens;        // file; "": anybody may use the server
  std::string admin_tokens;  // file; "": nobody may change what is served
  // The bound address ("127.0.0.1:8080", "https://…") is published here once ready; "": in
  // deploy/ENDPOINT/address.
  std::string address_file;
};

// Serves until a stop signal, then drains. Throws kResource (port in use, no artifact, no GPU) or kUsage
// before it listens. What is served is held in memory: whatever happens to its file afterwards does no harm.
void run_server(const ServerOptions& options);

}  // namespace millrace
