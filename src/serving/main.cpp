// millrace-serve: the inference server alone, small enough for a tiny image.
#include <cstdio>
#include <iostream>

#include <boost/program_options.hpp>

#include "base/error.hpp"
#include "base/faults.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/topics.hpp"
#include "base/version.hpp"
#include "serving/options.hpp"

namespace {

namespace po = boost::program_options;

constexpr const char* kUsage = R"(millrace-serve answers prediction requests.

  millrace-serve --artifact churn-7.tar.zst --port 8080
  millrace-serve --workspace workspace --endpoint churn --threads 4
  curl -d '{"rows": [{"tenure": 5}]}' http://127.0.0.1:8080/v2/models/churn/predict

)";

struct CommandLine {
  millrace::ServerOptions server;
  std::string log_level = "info";
};

po::options_description describe(CommandLine& line) {
  po::options_description options("Options", 110);
  auto add = options.add_options();
  add("workspace", po::value(&line.server.workspace)->value_name("DIR"),
      "where endpoints are, and versions that are loaded on request");
  add("endpoint", po::value(&line.server.endpoints)->value_name("NAME")->composing(),
      "serve what is deployed here, and follow its switches; may be given several times");
  millrace::add_server_options(options, line.server);
  add("log-level", po::value(&line.log_level)->value_name("LEVEL")->default_value(line.log_level),
      "debug, info, warning, error, off");
  add("help,h", "show this");
  add("version", "show the version");
  return options;
}

void parse(int argc, char** argv, const po::options_description& options, po::variables_map& values) {
  try {
    po::store(po::command_line_parser(argc, argv).options(options).positional({}).run(), values);
    po::notify(values);
  } catch (const po::error& error) {
    throw millrace::Error(millrace::Topic::kCommandLine, "{}; see millrace-serve --help", error.what());
  }
}

void run(int argc, char** argv) {
  CommandLine line;
  const po::options_description options = describe(line);
  po::variables_map values;
  parse(argc, argv, options, values);
  if (values.contains("help")) {
    std::cout << kUsage << options;
    return;
  }
  if (values.contains("version")) {
    std::cout << "millrace-serve " << millrace::code_version() << '\n';
    return;
  }
  millrace::set_up_logging(millrace::parse_log_level(line.log_level));
  millrace::catch_stop_signals();
  millrace::run_server(line.server);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    millrace::install_faults(0);
    run(argc, argv);
    return 0;
  } catch (...) {
    const millrace::Error error = millrace::current_error();
    std::fprintf(stderr, "millrace-serve: error: %s\n%s\n", error.what(),
                 millrace::where_explained(error).c_str());
    return static_cast<int>(error.code());
  }
}
