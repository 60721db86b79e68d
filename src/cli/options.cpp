#include "cli/options.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "config/config.hpp"

namespace millrace {

namespace {

void print_help(const Command& command, const po::options_description& options) {
  std::ostringstream text;
  text << options;
  fmt::print("millrace {} {}\n\n{}\n\n{}\nexample:\n  {}\n", command.name, command.arguments, command.summary,
             text.str(), command.example);
}

po::positional_options_description positions(const std::vector<std::string>& names) {
  po::positional_options_description description;
  for (const std::string& name : names) {
    const bool takes_all = name.ends_with(kAllFurther);
    description.add(name.substr(0, name.find(kAllFurther)).c_str(), takes_all ? -1 : 1);
  }
  return description;
}

std::vector<std::string> names_of(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return names;
}

po::variables_map parse(const Command& command, const Arguments& arguments,
                        const po::options_description& options, const std::vector<std::string>& positional) {
  const std::string help = fmt::format("; see 'millrace {} --help'", command.name);
  try {
    po::variables_map values;
    po::store(po::command_line_parser(arguments).options(options).positional(positions(positional)).run(),
              values);
    po::notify(values);
    return values;
  } catch (const po::unknown_option& error) {
    const std::string name = error.get_option_name();
    throw Error(Topic::kCommandLine, "unknown option '{}'{}{}", name, suggestion(name, names_of(options)),
                help);
  } catch (const po::too_many_positional_options_error&) {
    throw Error(Topic::kCommandLine, "too many arguments{}", help);
  } catch (const po::error& error) {
    throw Error(Topic::kCommandLine, "{}{}", error.what(), help);
  }
}

void set_up_logging(const po::variables_map& values, const Communicator& comm) {
  const bool quiet = values.count("quiet") > 0;
  const LogLevel level = quiet ? LogLevel::kWarning : parse_log_level(values["log-level"].as<std::string>());
  set_up_logging(level, comm.size() > 1 ? comm.rank() : -1);
}

}  // namespace

std::optional<po::variables_map> parse_options(const Command& command, const Arguments& arguments,
                                               po::options_description options,
                                               const std::vector<std::string>& positional,
                                               const Communicator& comm) {
  options.add_options()                                                                                   //
      ("quiet,q", "only warnings and errors")                                                             //
      ("log-level", po::value<std::string>()->default_value("info"), "debug, info, warning, error, off")  //
      ("help,h", "this text");
  const po::variables_map values = parse(command, arguments, options, positional);
  if (values.count("help") > 0) {
    if (comm.is_root()) print_help(command, options);
    return std::nullopt;
  }
  set_up_logging(values, comm);
  return values;
}

po::options_description pipeline_options() {
  po::options_description options("options");
  options.add_options()                                                                             //
      ("config", po::value<std::string>(), "the pipeline's YAML file; also as the first argument")  //
      ("set", po::value<std::vector<std::string>>()->composing(),
       "KEY.PATH=VALUE, as in the file; repeatable")                                    //
      ("workspace", po::value<std::string>(), "folder for everything that is written")  //
      ("json", "the result as JSON on standard output");
  return options;
}

po::options_description workspace_options() {
  po::options_description options("options");
  options.add_options()                                                                  //
      ("workspace", po::value<std::string>(), "the workspace (default: ./workspace)")    //
      ("config", po::value<std::string>(), "a pipeline's YAML file, for its workspace")  //
      ("json", "the result as JSON on standard output");
  return options;
}

std::string text_of(const po::variables_map& values, const char* name) {
  return values.count(name) > 0 ? values[name].as<std::string>() : "";
}

std::string required_text(const Command& self, const po::variables_map& values, const char* name) {
  if (values.count(name) > 0) return values[name].as<std::string>();
  throw Error(Topic::kCommandLine, "which {}? millrace {} {}", name, self.name, self.arguments);
}

PipelineConfig load_pipeline_config(const po::variables_map& values, const Communicator& comm) {
  if (values.count("config") == 0) {
    throw Error(Topic::kCommandLine,
                "which pipeline? Name its YAML file, for example configs/quickstart.yaml");
  }
  const auto overrides = values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : Arguments{};
  PipelineConfig config =
      comm.agree([&] { return load_config(values["config"].as<std::string>(), overrides); });
  if (values.count("workspace") > 0) config.workspace = values["workspace"].as<std::string>();
  return config;
}

std::string workspace_of(const po::variables_map& values) {
  if (values.count("workspace") > 0) return values["workspace"].as<std::string>();
  if (values.count("config") > 0) return load_config(values["config"].as<std::string>()).workspace;
  return "workspace";
}

}  // namespace millrace
