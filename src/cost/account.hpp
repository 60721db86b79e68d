// All that the work in a workspace has cost, until now.
#pragma once

#include <string>
#include <vector>

#include "cost/charges.hpp"

namespace millrace {

struct Account {
  Prices prices;
  std::vector<RunUsage> runs;  // oldest first
  std::vector<Charge> charges;
  std::size_t jobs = 0;       // of Slurm, among the runs
  std::size_t accounted = 0;  // of these, by Slurm's own accounting
  std::string obstacle;       // why not all, where sacct said so
};

// `records`: run.json of all runs. Asks Slurm's accounting once, where any run was a job that it has not said
// the last word about, and keeps that (kept_jobs.hpp). Where `prices`
// names no currency, since there is no configuration, it is the newest run's.
Account open_account(const Workspace& workspace, const std::vector<Json>& records, const Prices& prices,
                     Moment now);
// "by Slurm's accounting for 3 of 5 jobs (sacct took longer than 10 s), else by the runs' own figures"
std::string sources_of(const Account& account);

}  // namespace millrace
