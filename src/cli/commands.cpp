#include "cli/command.hpp"

namespace millrace {

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = [] {
    std::vector<Command> all = pipeline_commands();
    for (Command (*make)() :
         {serve_command,    request_command, load_command,   predict_command, monitor_command,
          trigger_command,  tune_command,    watch_command,  cost_command,    alerts_command,
          registry_command, status_command,  runs_command,   datagen_command, chaos_command,
          config_command,   data_command,    doctor_command, explain_command, init_policy_command,
          version_command}) {
      all.push_back(make());
    }
    return all;
  }();
  return kCommands;
}

}  // namespace millrace
