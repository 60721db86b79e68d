// Options that subcommands share, over Boost.Program_options.
#pragma once

#include <optional>
#include <string>

#include <boost/program_options.hpp>

#include "cli/command.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

namespace po = boost::program_options;

// Behind the last name in `positional`: the option takes all further words.
inline constexpr const char* kAllFurther = "...";

// Parses and prints help if asked (then nothing is returned). `positional` names the options that bare words
// fill in order. Sets up logging from --log-level and --quiet. Throws kUsage for anything that does not fit.
std::optional<po::variables_map> parse_options(const Command& command, const Arguments& arguments,
                                               po::options_description options,
                                               const std::vector<std::string>& positional,
                                               const Communicator& comm);

// --config, --set, --workspace, --json, --quiet, --log-level.
po::options_description pipeline_options();
// --workspace, --json: for commands that look into a workspace without a configuration.
po::options_description workspace_options();

// The text of an option or positional argument; "" where it is missing.
std::string text_of(const po::variables_map& values, const char* name);
// Throws kUsage with the command's usage where it is missing.
std::string required_text(const Command& self, const po::variables_map& values, const char* name);

// The configuration that --config, --set and --workspace add up to; every rank reads it, all agree.
PipelineConfig load_pipeline_config(const po::variables_map& values, const Communicator& comm);
// --workspace, else the configuration's, else "workspace".
std::string workspace_of(const po::variables_map& values);

}  // namespace millrace
