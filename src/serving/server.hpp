// The inference server: Open Inference Protocol v2 (REST), plain JSON rows on /predict, Prometheus text on
// /metrics. No MPI, no training code, no CUDA at link time. docs/serving.md has the routes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace millrace {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free port
  std::uint32_t threads = 1;
  std::string workspace;  // with `endpoint`: serve what is deployed there and follow its switches
  std::string endpoint;
  std::string artifact;      // or: serve this file
  std::string address_file;  // the bound address ("127.0.0.1:8080") is published here once ready, where given
};

// Serves until a stop signal, then drains. Throws kResource (port in use, no artifact) before it listens.
void run_server(const ServerOptions& options);

}  // namespace millrace
