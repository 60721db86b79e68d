// watch: looks for new data again and again, and retrains when they are complete.
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "cli/watch.hpp"

namespace millrace {

namespace {

constexpr auto kGlance = std::chrono::milliseconds(100);  // at whether to stop

po::options_description watch_options() {
  po::options_description options = pipeline_options();
  options.add_options()("once",
                        "look once and end, for cron; what has settled is known from the look before");
  return options;
}

void show(const WatchReport& report, bool as_json) {
  const std::string text = report_text(report);
  fmt::print("{}", as_json ? canonical_json(to_document(report)) + "\n" : text);
  std::fflush(stdout);
}

// Without what may differ from look to look while nothing happens.
Json gist_of(WatchReport report) {
  if (!report.begun) report.said.clear();
  return to_document(report);
}

void wait_for(double seconds) {
  const Stopwatch watch;
  while (watch.seconds() < seconds && !stop_requested()) std::this_thread::sleep_for(kGlance);
}

int look_once(Watcher& watcher, bool as_json) {
  try {
    const WatchReport report = watcher.look();
    if (!as_json && report_text(report).empty()) fmt::print("nothing new\n");
    show(report, as_json);
  } catch (const Error&) {
    if (!stop_requested()) throw;
  }
  return 0;
}

// What goes wrong is told once and tried again, unless it is the configuration or a fault of ours.
class Looks {
 public:
  Looks(Watcher& watcher, bool as_json) : watcher_(watcher), as_json_(as_json) {}

  void look() {
    try {
      tell(watcher_.look());
    } catch (const Error& error) {
      if (stop_requested()) return;
      const bool is_hopeless = error.code() == ExitCode::kUsage && !has_looked_;
      if (is_hopeless || error.code() == ExitCode::kInternal) throw;
      if (error.message() != trouble_) log_warning("{}; it is tried again", error.message());
      trouble_ = error.message();
    }
  }

 private:
  void tell(const WatchReport& report) {
    if (!trouble_.empty()) log_info("the look has succeeded again");
    trouble_.clear();
    const Json gist = gist_of(report);
    if (report.begun || (gist != told_ && !report_text(report).empty())) show(report, as_json_);
    told_ = gist;
    has_looked_ = true;
  }

  Watcher& watcher_;
  bool as_json_;
  bool has_looked_ = false;
  std::string trouble_;
  Json told_;
};

int run_watch(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, watch_options(), {"config"}, comm);
  if (!values) return 0;
  if (comm.size() > 1) throw Error(Topic::kCommandLine, "watch is one process: start it without mpirun");
  const PipelineConfig config = load_pipeline_config(*values, comm);
  catch_stop_signals();
  set_deadlines({.collective = 0});  // a retraining in place takes as long as it takes
  Watcher watcher(config, *values);
  const bool as_json = values->count("json") > 0;
  if (values->count("once") > 0) return look_once(watcher, as_json);
  log_info("watching the data of {} every {} s", config.name, config.monitoring.watch.interval);
  for (Looks looks(watcher, as_json); !stop_requested(); wait_for(config.monitoring.watch.interval))
    looks.look();
  return 0;
}

}  // namespace

Command watch_command() {
  return {"watch",
          "CONFIG [--once] [options]",
          "Retrain when data.source has new data that are complete",
          "millrace watch configs/quickstart.yaml",
          true,
          run_watch};
}

}  // namespace millrace
