#include "cli/workbench.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/text.hpp"

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

ProcessResult Workbench::millrace_under(const std::string& plan, const std::vector<std::string>& arguments,
                                        int ranks) const {
  std::vector<std::string> command = millrace_command(arguments, ranks);
  command.insert(command.begin(), {"env", "MILLRACE_FAULTS=" + plan});
  return run_process(command, folder());
}

std::map<std::string, std::size_t> Workbench::count_operations(const std::vector<std::string>& arguments,
                                                               int ranks) const {
  const ProcessResult result = millrace_under("count", arguments, ranks);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string_view begin = "operations of rank 0: ";
  const auto at = result.err.find(begin);
  std::map<std::string, std::size_t> counts;
  if (at == std::string::npos) return counts;
  const std::string list = result.err.substr(at + begin.size());
  for (const std::string& part : split(list.substr(0, list.find('\n')), ',')) {
    const auto words = split(trim(part), ' ');
    counts[words.at(0)] = std::stoul(words.at(1));
  }
  return counts;
}

Json Workbench::latest_run(const std::string& workspace) const {
  return read_json_file(path(workspace + "/runs/latest/run.json"));
}

Json Workbench::latest_versions() const {
  const Json outputs = latest_run().at("outputs");
  return {outputs.at("ingest").at("dataset"), outputs.at("features").at("features"),
          outputs.at("train").at("weights")};
}

}  // namespace millrace::testing_support
