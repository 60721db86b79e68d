// Registers versions in a loop, as many runs at once do: what appender_test.cpp and benchmarks/run registry
// kill.
//   registry_appender FOLDER MODEL NAME FIRST COUNT
// Registers COUNT versions of MODEL, each with a configuration, metrics and cost of a usual size, and with
// `appender` NAME and `sequence` FIRST, FIRST + 1, …; each that is registered is acknowledged by a line
// "VERSION SEQUENCE" on standard output.
#include <cstdio>

#include "base/error.hpp"
#include "base/time.hpp"
#include "config/config.hpp"
#include "registry/registry.hpp"

namespace millrace {
namespace {

Json metrics(std::uint64_t sequence) {
  Json part = Json::object();
  for (const char* name : {"accuracy", "auc", "calibration_error", "f1", "log_loss", "positive_share",
                           "precision", "recall", "rows"})
    part[name] = 0.5 + static_cast<double>(sequence % 1000) / 2000;
  return {{"test", part}, {"validation", part}};
}

Json details(const std::string& appender, std::uint64_t sequence) {
  const std::string time = now_rfc3339();
  return {{"appender", appender},
          {"sequence", sequence},
          {"trained", time},
          {"metrics", metrics(sequence)},
          {"gate", {{"passed", true}, {"metric", "auc"}, {"reason", "there is no champion to compare with"}}},
          {"run", time + "-" + appender},
          {"code_version", "0.1.0"},
          {"cost", {{"rank_seconds", 12.5}, {"ranks", 4}, {"stages", {{"train", 3.5}, {"ingest", 1.5}}}}}};
}

void append(const std::string& folder, const std::string& model, const std::string& name, std::uint64_t first,
            std::uint64_t count) {
  Registry registry(folder);
  const std::map<std::string, Json> records{{"config", config_to_json(PipelineConfig())}};
  for (std::uint64_t i = first; i < first + count; ++i) {
    const ModelVersion made = registry.register_version(model, details(name, i), records);
    std::printf("%llu %llu\n", static_cast<unsigned long long>(made.version),
                static_cast<unsigned long long>(i));
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace millrace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: registry_appender FOLDER MODEL NAME FIRST COUNT\n");
    return 2;
  }
  try {
    millrace::append(argv[1], argv[2], argv[3], std::stoull(argv[4]), std::stoull(argv[5]));
  } catch (...) {
    std::fprintf(stderr, "registry_appender: %s\n", millrace::current_error().message().c_str());
    return 1;
  }
  return 0;
}
