#include "cost/account.hpp"

#include <algorithm>
#include <set>

#include "cost/kept_jobs.hpp"
#include "cost/sacct.hpp"

namespace millrace {

namespace {

std::set<std::string> jobs_of(const std::vector<RunUsage>& runs) {
  std::set<std::string> jobs;
  for (const RunUsage& run : runs) {
    if (!run.job.empty()) jobs.insert(run.job);
  }
  return jobs;
}

// Asks about those whose end is not known yet.
Accounting account_for(const Workspace& workspace, std::set<std::string> jobs) {
  std::map<std::string, JobUse> kept = kept_jobs(workspace);
  std::erase_if(jobs, [&](const std::string& job) { return kept.contains(job); });
  Accounting accounting = ask_accounting(jobs);
  keep_jobs(workspace, kept, accounting.jobs);
  accounting.jobs.merge(kept);
  return accounting;
}

std::string newest_currency(const std::vector<RunUsage>& runs) {
  std::string currency;
  for (const RunUsage& run : runs) {
    if (!run.prices.currency.empty()) currency = run.prices.currency;
  }
  return currency;
}

}  // namespace

Account open_account(const Workspace& workspace, const std::vector<Json>& records, const Prices& prices,
                     Moment now) {
  Account account;
  account.prices = prices;
  account.runs = usages_of(records, workspace);
  if (prices.currency.empty()) account.prices.currency = newest_currency(account.runs);
  const std::set<std::string> jobs = jobs_of(account.runs);
  const Accounting accounting = account_for(workspace, jobs);
  apply_accounting(accounting.jobs, account.runs);
  account.jobs = jobs.size();
  account.accounted = static_cast<std::size_t>(
      std::ranges::count_if(jobs, [&](const std::string& job) { return accounting.jobs.contains(job); }));
  account.obstacle = accounting.obstacle;
  account.charges = charges_of(account.runs, storage_measures(workspace), account.prices, now);
  return account;
}

std::string sources_of(const Account& account) {
  if (account.jobs == 0) return "by the runs' own figures";
  const std::string why = account.obstacle.empty() ? "" : " (" + account.obstacle + ")";
  return fmt::format("by Slurm's accounting for {} of {} jobs{}, else by the runs' own figures",
                     account.accounted, account.jobs, why);
}

}  // namespace millrace
