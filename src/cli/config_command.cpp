#include "cli/options.hpp"
#include "config/config.hpp"

namespace millrace {

namespace {

int run_config(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = pipeline_options();
  options.add_options()                                            //
      ("explain", "every key with its type, default and meaning")  //
      ("schema", "a JSON Schema of the file, for editors")         //
      ("check", "check the file and say nothing more than that it is well formed");
  const auto values = parse_options(self, arguments, options, {"config"}, comm);
  if (!values) return 0;
  if (values->count("explain") > 0) return fmt::print("{}", explain_config()), 0;
  if (values->count("schema") > 0) return fmt::print("{}", pretty_json(config_schema())), 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  if (values->count("check") > 0) return fmt::print("{}: ok\n", (*values)["config"].as<std::string>()), 0;
  fmt::print("{}", values->count("json") > 0 ? pretty_json(config_to_json(config)) : config_to_yaml(config));
  return 0;
}

}  // namespace

Command config_command() {
  return {"config",
          "[CONFIG] [--explain | --schema | --check]",
          "Explain the configuration, check a file, or print it resolved",
          "millrace config --check configs/telco-churn.yaml",
          false,
          run_config};
}

}  // namespace millrace
