#include "cli/workbench.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace millrace::testing_support {

Workbench::Workbench() {
  write("pipeline.yaml", configuration());
}

void Workbench::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

void Workbench::make_data(int days, int rows_per_day) const {
  const auto made = millrace({"datagen", "--out", "data", "--days", std::to_string(days), "--rows-per-day",
                              std::to_string(rows_per_day), "--quiet"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
}

std::string Workbench::configuration(const std::string& extra) {
  return "name: test\n"
         "data:\n"
         "  source: data/*.csv\n"
         "  target: { column: churned, positive: \"Yes\" }\n"
         "  drop: [customer_id]\n"
         "model: { hidden: [16] }\n"
         "training: { epochs: 3, batch_size: 64, checkpoint: { every_steps: 5 } }\n" +
         extra;
}

std::vector<std::string> Workbench::millrace_command(const std::vector<std::string>& arguments, int ranks,
                                                     const std::string& launcher_option) const {
  std::vector<std::string> command;
  if (ranks > 0) command = {MILLRACE_MPIRUN};
  if (!launcher_option.empty()) command.push_back(launcher_option);
  if (ranks > 0) command.push_back(std::to_string(ranks));
  command.emplace_back(MILLRACE_EXECUTABLE);
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

ProcessResult Workbench::millrace(const std::vector<std::string>& arguments, int ranks) const {
  return run_process(millrace_command(arguments, ranks), folder());
}

Json Workbench::latest_run(const std::string& workspace) const {
  return read_json_file(path(workspace + "/runs/latest/run.json"));
}

}  // namespace millrace::testing_support
