// chaos: a pipeline under random faults, again and again until it is done, compared with a clean run. Each
// run is a process of its own, since faults end processes.
#include <algorithm>
#include <filesystem>
#include <map>

#include <unistd.h>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"
#include "comm/session.hpp"

namespace millrace {

namespace {

constexpr int kDropped = 137;  // base/faults.cpp's code of a process that drops out

const std::string kDeadline = "10";  // seconds: a frozen rank is to be noticed soon

// What may happen to whom.
struct Kind {
  const char* operation;
  const char* effect;
};
constexpr Kind kKinds[] = {
    {"write", "+:ENOSPC"}, {"write", ":EIO"},    {"write", ":short"},     {"write", ":drop"},
    {"sync", ":EIO"},      {"sync", ":drop"},    {"rename", ":ENOSPC"},   {"rename", ":drop"},
    {"link", ":ENOSPC"},   {"link", ":drop"},    {"read", ":EIO"},        {"read", ":short"},
    {"open", ":EMFILE"},   {"bitflip", nullptr}, {"collective", ":drop"}, {"collective", ":delay=0.2s"},
};
// What the other ranks' watchdogs end. Rank 1 alone: they must be there.
constexpr Kind kFreezes[] = {{"collective", ":freeze@rank1"}, {"write", ":freeze@rank1"}};

struct Ended {
  int code = 0;
  std::string err;
};

class Chaos {
 public:
  Chaos(const Arguments& command, std::string scratch, double limit)
      : command_(command), scratch_(std::move(scratch)), limit_(limit) {}

  // One run in scratch/WORKSPACE under a plan.
  [[nodiscard]] Ended run(const std::string& workspace, const std::string& plan) const {
    Arguments words{"env", "MILLRACE_FAULTS=" + plan};
    words.insert(words.end(), command_.begin(), command_.end());
    words.insert(words.end(), {"--workspace", scratch_ + "/" + workspace});
    const std::string err = scratch_ + "/stderr";
    const int code = run_child(words, {"/dev/null", err}, limit_);
    return {code, read_file(err)};
  }

  // What must be equal: dataset, features, weights.
  [[nodiscard]] Json results(const std::string& workspace) const {
    const Json outputs = read_json_file(scratch_ + "/" + workspace + "/runs/latest/run.json").at("outputs");
    return {{"dataset", outputs.at("ingest").at("dataset")},
            {"features", outputs.at("features").at("features")},
            {"weights", outputs.at("train").at("weights")}};
  }

 private:
  Arguments command_;
  std::string scratch_;
  double limit_;
};

// "operations of rank 0: open 12, read 40, …"
std::map<std::string, std::uint64_t> counts_in(const std::string& err) {
  constexpr std::string_view kBegin = "operations of rank 0: ";
  const auto at = err.find(kBegin);
  if (at == std::string::npos) throw internal_error("the clean run has not counted its operations");
  const auto from = at + kBegin.size();
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& part : split(err.substr(from, err.find('\n', from) - from), ',')) {
    const std::vector<std::string> words = split(trim(part), ' ');
    counts[words.at(0)] = std::stoull(words.at(1));
  }
  return counts;
}

std::string random_fault(CounterRandom& random, std::map<std::string, std::uint64_t>& counts, bool on_ranks) {
  std::vector<Kind> kinds(std::begin(kKinds), std::end(kKinds));
  if (on_ranks) kinds.insert(kinds.end(), std::begin(kFreezes), std::end(kFreezes));
  const Kind& kind = kinds[random.below(kinds.size())];
  if (kind.effect == nullptr) return "bitflip:checkpoint";
  const std::uint64_t count = std::max<std::uint64_t>(counts[kind.operation], 1);
  return fmt::format("{}:{}{}", kind.operation, 1 + random.below(count), kind.effect);
}

bool is_documented_end(int code) {
  return code == static_cast<int>(ExitCode::kDone) || code == static_cast<int>(ExitCode::kResource) ||
         code == kDropped;
}

// Runs until one ends well: after each that does not, with one fault less, so that all get their turn.
bool get_through(const Chaos& chaos, std::vector<std::string> faults) {
  for (;;) {
    const std::string plan = join(faults, "; ");
    const Ended ended = chaos.run("faulty", plan);
    if (stop_requested()) throw Error(ExitCode::kStopped, "stopped between two runs");
    fmt::print("  exit code {:<3}  under {}\n", ended.code, plan.empty() ? "no fault" : plan);
    if (ended.code == 0) return true;
    if (!is_documented_end(ended.code) || faults.empty()) {
      log_error("this is no documented end:\n{}", ended.err);
      return false;
    }
    faults.erase(faults.begin());
  }
}

bool compare(const Json& clean, const Json& faulty) {
  for (const auto& [what, digest] : clean.items()) {
    fmt::print("  {:<8}  {}\n", what, faulty.at(what) == digest ? "as in the clean run" : "DIFFERS");
  }
  return clean == faulty;
}

Arguments command_line(const po::variables_map& values) {
  Arguments words;
  for (const std::string& word : split(values["launcher"].as<std::string>(), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  words.push_back(std::filesystem::read_symlink("/proc/self/exe"));
  words.insert(words.end(), {"run", values["config"].as<std::string>(), "--quiet"});
  words.insert(words.end(),
               {"--set", "deadlines.collective=" + kDeadline, "--set", "deadlines.file=" + kDeadline});
  if (values.count("set") == 0) return words;
  for (const std::string& set : values["set"].as<Arguments>()) words.insert(words.end(), {"--set", set});
  return words;
}

bool rehearse(const Chaos& chaos, std::uint64_t faults, std::uint64_t seed, bool on_ranks) {
  const Ended clean = chaos.run("clean", "count");
  if (clean.code != 0) {
    throw Error(static_cast<ExitCode>(clean.code), "the clean run does not end well:\n" + clean.err);
  }
  auto counts = counts_in(clean.err);
  CounterRandom random(derive_key({seed}));
  std::vector<std::string> plan;
  for (std::uint64_t i = 0; i < faults; ++i) plan.push_back(random_fault(random, counts, on_ranks));
  fmt::print("seed {}, {} faults: {}\n", seed, faults, join(plan, "; "));
  return get_through(chaos, plan) && compare(chaos.results("clean"), chaos.results("faulty"));
}

int run_chaos(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options("options");
  options.add_options()                                                                             //
      ("config", po::value<std::string>(), "the pipeline's YAML file; also as the first argument")  //
      ("set", po::value<Arguments>()->composing(), "KEY.PATH=VALUE, as in the file; repeatable")    //
      ("faults", po::value<std::uint64_t>()->default_value(3), "how many faults there are")         //
      ("limit", po::value<double>()->default_value(600),
       "seconds after which a run is ended, which fails the drill")  //
      ("seed", po::value<std::uint64_t>()->default_value(1), "which ones: equal seeds, equal plans")(
          "launcher", po::value<std::string>()->default_value(""),
          "what starts each run, such as 'mpirun -n 4'")(
          "scratch", po::value<std::string>(),
          "a folder for the two workspaces (default: a new one in TMPDIR)");
  const auto values = parse_options(self, arguments, options, {"config"}, comm);
  if (!values) return 0;
  if (values->count("config") == 0) throw Error(Topic::kCommandLine, "which pipeline? Name its YAML file");
  if (launched_by_mpi())
    throw Error(Topic::kCommandLine,
                "chaos starts its own ranks: without mpirun, with --launcher 'mpirun -n 4'");
  catch_stop_signals();
  const auto launcher = (*values)["launcher"].as<std::string>();
  const std::string scratch =
      values->count("scratch") > 0
          ? (*values)["scratch"].as<std::string>()
          : fmt::format("{}/millrace-chaos-{}", std::filesystem::temp_directory_path().string(), ::getpid());
  if (path_exists(scratch))
    throw Error(Topic::kCommandLine, "'{}' exists: name a new folder with --scratch", scratch);
  make_folder(scratch);
  const Chaos chaos(command_line(*values), scratch, (*values)["limit"].as<double>());
  const bool passed = rehearse(chaos, (*values)["faults"].as<std::uint64_t>(),
                               (*values)["seed"].as<std::uint64_t>(), !launcher.empty());
  fmt::print("{}\n", passed ? "passed" : "FAILED: the workspaces are kept in " + scratch);
  if (passed) std::filesystem::remove_all(scratch);
  return passed ? 0 : static_cast<int>(ExitCode::kInternal);
}

}  // namespace

Command chaos_command() {
  return {"chaos",
          "CONFIG [options]",
          "Run a pipeline under random faults and compare its results with a clean run's",
          "millrace chaos configs/quickstart.yaml --faults 3 --seed 7",
          false,
          run_chaos};
}

}  // namespace millrace
