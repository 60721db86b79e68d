#include "base/signals.hpp"
#include "cli/options.hpp"
#include "serving/options.hpp"

namespace millrace {

namespace {

int run_serve(const Command& self, const Arguments& arguments, const Communicator& comm) {
  ServerOptions server;
  po::options_description options = workspace_options();
  options.add_options()("endpoint", po::value(&server.endpoints)->value_name("NAME")->composing(),
                        "serve what is deployed under this name, and follow it");
  add_server_options(options, server);
  const auto values = parse_options(self, arguments, options, {"endpoint"}, comm);
  if (!values) return 0;
  if (!server.endpoints.empty() || server.artifacts.empty()) server.workspace = workspace_of(*values);
  catch_stop_signals();
  run_server(server);
  return 0;
}

}  // namespace

Command serve_command() {
  return {"serve",
          "ENDPOINT | --artifact FILE [options]",
          "Answer requests over HTTP until told to stop",
          "millrace serve quickstart --port 8080",
          false,
          run_serve};
}

}  // namespace millrace
