#include <cstdio>

#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "cli/artifact_reference.hpp"
#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "config/config.hpp"
#include "device/scoring_device.hpp"
#include "ingestion/dialect.hpp"
#include "scoring/score.hpp"

namespace millrace {

namespace {

using Texts = std::vector<std::string>;

Texts texts_of(const po::variables_map& values, const char* name) {
  return values.count(name) > 0 ? values[name].as<Texts>() : Texts{};
}

po::options_description predict_options() {
  po::options_description options = workspace_options();
  options.add_options()                                                                     //
      ("model", po::value<std::string>(), "MODEL[/VERSION|@ALIAS], or an artifact's file")  //
      ("source", po::value<Texts>(),
       "files, globs, folders, s3:// or https:// addresses; \"-\": standard input")  //
      ("out", po::value<std::string>(),
       "FILE.csv, FILE.h5 or a folder for parts; default: standard output")                                //
      ("format", po::value<std::string>()->default_value("csv"), "of the parts in a folder: csv or hdf5")  //
      ("keep", po::value<Texts>()->composing(), "a column that goes along with the scores; repeatable")    //
      ("against", po::value<std::string>(), "a second model: scored too, and the differences told")        //
      ("device", po::value<std::string>()->default_value("cpu"),
       "that scores: cpu; cuda, a GPU for each rank; auto, GPUs where every rank has one")  //
      ("set", po::value<Texts>()->composing(),
       "data.KEY=VALUE: how the source is read, where not as the training data were; repeatable");
  return options;
}

// Of all ranks or of none: the scores' last bits depend on it.
std::unique_ptr<ScoringDevice> find_device(const po::variables_map& values, const Communicator& comm) {
  const ScoringDeviceOptions options{.device = values["device"].as<std::string>()};
  const LocalRank local = comm.on_this_host();
  auto device = comm.agree([&] { return find_scoring_device(options, local.rank); });
  const bool missing = comm.any(device == nullptr);
  if (device == nullptr) return device;
  if (missing) {
    log_info("the CPU scores everything: there are ranks without a GPU");
    return nullptr;
  }
  log_info("scoring on a GPU ({})", device->name());
  return device;
}

ScoringModel read_model(const po::variables_map& values, const char* option, ScoringDevice* device) {
  ScoringModel model =
      read_scoring_model(find_artifact(values[option].as<std::string>(), workspace_of(values)).path);
  Artifact& artifact = model.artifact;
  if (device != nullptr)
    artifact.scorer.score_on(
        device->place(artifact.scorer.network(), fmt::format("{}/{}", artifact.model, artifact.version)));
  return model;
}

// As the training data were read, but for what --set says.
DataConfig reading_of(const ScoringModel& model, const Texts& sources, const Texts& overrides) {
  const Artifact& artifact = model.artifact;
  PipelineConfig config;
  config.name = artifact.model;
  config.data = dialect_from_json(json_get<Json>(artifact.lineage, "dialect", "the artifact's lineage"));
  for (const std::string& source : sources) config.data.source.push_back({source, {}});
  config.data.target.column.text = artifact.scorer.plan().target.column;
  return parse_config(config_to_yaml(config), "the model's reading", overrides).data;
}

ScoreFormat format_of(const po::variables_map& values) {
  const auto format = values["format"].as<std::string>();
  if (format == "csv") return ScoreFormat::kCsv;
  if (format == "hdf5") return ScoreFormat::kHdf5;
  throw Error(Topic::kUnknownName, "'{}' is no format{}; there are csv, hdf5", format,
              suggestion(format, {"csv", "hdf5"}));
}

std::string summary_of(const Json& manifest) {
  const std::uint64_t rejected = manifest.at("rejected").at("count");
  std::string text =
      fmt::format("{} rows scored by {}/{}", human_count(manifest.at("rows")),
                  manifest.at("model").get<std::string>(), manifest.at("version").get<std::uint64_t>());
  return rejected == 0 ? text : text + fmt::format(", {} records rejected", human_count(rejected));
}

void print_result(const Json& manifest, const ScoreOutput& output, bool as_json) {
  if (as_json) return fmt::print("{}", pretty_json(manifest));
  if (manifest.contains("comparison")) fmt::print("{}", report_text(manifest["comparison"]));
  log_info("{}: {}", summary_of(manifest), output.file.empty() ? output.folder : output.file);
}

void score_to_standard_output(const ScoringRequest& request) {
  const Json manifest = score_to_sink(request, write_to_standard_output);
  flush_standard_output();
  if (manifest.contains("comparison")) log_info("{}", report_text(manifest["comparison"]));
  if (manifest.at("rejected").at("count") > 0) log_warning("{}", summary_of(manifest));
}

int run_predict(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, predict_options(), {"model", "source..."}, comm);
  if (!values) return 0;
  const Texts sources = texts_of(*values, "source");
  const bool as_json = values->count("json") > 0;
  if (sources.empty()) throw Error(Topic::kCommandLine, "millrace predict {}", self.arguments);
  if (as_json && values->count("out") == 0)
    throw Error(Topic::kCommandLine, "--json needs --out: the scores take standard output");
  const auto device = find_device(*values, comm);
  const ScoringModel model = comm.agree([&] { return read_model(*values, "model", device.get()); });
  std::optional<ScoringModel> against;
  if (values->count("against") > 0)
    against.emplace(comm.agree([&] { return read_model(*values, "against", device.get()); }));
  if (against) require_comparable(model, *against);
  const ScoringRequest request{model, against ? &*against : nullptr,
                               reading_of(model, sources, texts_of(*values, "set")),
                               texts_of(*values, "keep"), device == nullptr ? "cpu" : "cuda"};
  if (values->count("out") == 0) {
    set_deadlines({.collective = 0});  // the other ranks wait as long as it takes
    comm.agree([&] {
      if (comm.is_root()) score_to_standard_output(request);
    });
    return 0;
  }
  catch_stop_signals();
  ScoreOutput output = output_for((*values)["out"].as<std::string>(), format_of(*values));
  output.shows_progress = comm.is_root() && values->count("quiet") == 0;
  const Json manifest = score_to_files(comm, request, output);
  if (comm.is_root()) print_result(manifest, output, as_json);
  return 0;
}

}  // namespace

Command predict_command() {
  return {"predict",
          "MODEL SOURCE... [--out FILE.csv|FILE.h5|FOLDER] [options]",
          "Score any source with a registered model or an artifact, on all ranks",
          "mpirun -n 4 millrace predict quickstart@champion data/ --out scores.csv --keep customer",
          true,
          run_predict};
}

}  // namespace millrace
