// A folder with data, a configuration and a workspace, and the real executable to run on them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::testing_support {

class Workbench {
 public:
  Workbench();

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& text) const;
  // Generated churn data in data/, `days` files; then configuration() reads it.
  void make_data(int days = 4, int rows_per_day = 400) const;
  // A small pipeline over data/*.csv named "test"; `extra` is appended at top level.
  [[nodiscard]] static std::string configuration(const std::string& extra = "");

  // millrace ARGUMENTS, in the folder, on one process without mpirun or on `ranks` ranks.
  [[nodiscard]] ProcessResult millrace(const std::vector<std::string>& arguments, int ranks = 0) const;
  [[nodiscard]] std::vector<std::string> millrace_command(const std::vector<std::string>& arguments,
                                                          int ranks = 0,
                                                          const std::string& launcher_option = "") const;
  // The same under MILLRACE_FAULTS=plan.
  [[nodiscard]] ProcessResult millrace_under(const std::string& plan,
                                             const std::vector<std::string>& arguments, int ranks = 0) const;
  // How many operations of each kind rank 0 does in it, as MILLRACE_FAULTS=count tells: "write" → 233.
  [[nodiscard]] std::map<std::string, std::size_t> count_operations(const std::vector<std::string>& arguments,
                                                                    int ranks = 0) const;
  // run.json of the newest run.
  [[nodiscard]] Json latest_run(const std::string& workspace = "workspace") const;
  // Of the newest run: the digests of its dataset, features and weights.
  [[nodiscard]] Json latest_versions() const;
  [[nodiscard]] const std::string& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace millrace::testing_support
