// The subcommands: one file each, which turns options into one call.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"

namespace millrace {

using Arguments = std::vector<std::string>;

struct Command {
  std::string name;
  std::string arguments;  // "CONFIG [options]"
  std::string summary;    // one line
  std::string example;    // one command line
  // Runs on every rank; otherwise the work is rank 0's and the other ranks wait for its exit code.
  bool on_all_ranks = false;
  // Returns the exit code; throws Error. `self` is this entry.
  int (*run)(const Command& self, const Arguments& arguments, const Communicator& comm) = nullptr;
  // What the word behind it chooses from ("data list"). With a `run` as well, any other word is an argument
  // of its own ("package CONFIG").
  std::vector<Command> actions{};
};

const std::vector<Command>& commands();

std::vector<Command> pipeline_commands();  // run, plan and each stage
std::vector<Command> package_actions();
std::vector<Command> deploy_actions();
Command alerts_command();
Command chaos_command();
Command config_command();
Command cost_command();
Command data_command();
Command datagen_command();
Command doctor_command();
Command explain_command();
Command init_policy_command();
Command load_command();
Command monitor_command();
Command predict_command();
Command registry_command();
Command request_command();
Command runs_command();
Command serve_command();
Command status_command();
Command trigger_command();
Command tune_command();
Command version_command();
Command watch_command();

}  // namespace millrace
