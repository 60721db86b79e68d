// What the workspace's work has cost, and how budgets stand.
#include <algorithm>
#include <optional>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/cost_alarms.hpp"
#include "cli/options.hpp"
#include "cost/overrides.hpp"

namespace millrace {

namespace {

constexpr double kNanosOfOne = 1e9;

double hours(std::int64_t ms) {
  return static_cast<double>(ms) / kHourMs;
}

double gb_months(std::int64_t nanos) {
  return static_cast<double>(nanos) / kNanosOfOne;
}

Json cost_json(const std::string& name, const CostSum& cost) {
  return {{"name", name},
          {"core_hours", hours(cost.core_ms)},
          {"gpu_hours", hours(cost.gpu_ms)},
          {"gb_months", gb_months(cost.storage)},
          {"amount", cost.amount.value()},
          {"not_charged",
           {{"core_hours", hours(cost.free_core_ms)},
            {"gpu_hours", hours(cost.free_gpu_ms)},
            {"gb_months", gb_months(cost.free_storage)}}}};
}

Json budget_json(const BudgetState& state) {
  return {{"name", state.budget.name},
          {"scope", state.budget.scope},
          {"of", state.budget.of},
          {"period", state.period.label},
          {"ends", state.period.label == "all" ? Json(nullptr) : Json(day_of(state.period.end))},
          {"amount", state.amount.value()},
          {"spent", state.spent.amount.value()},
          {"reserved", state.reserved.value()},
          {"left", state.left().value()},
          {"expected", state.expected.value()},
          {"stop", state.budget.stop}};
}

Json alarm_json(const CostAlarm& alarm) {
  return {{"cause", alarm.cause},
          {"level", alarm.level},
          {"subject", alarm.subject},
          {"text", alarm.text},
          {"details", alarm.details}};
}

// "not charged, for want of a price in EUR: 12.30 core-hours, 2.00 GPU-hours"; empty where all is.
std::string not_charged(const CostSum& cost, const std::string& currency) {
  std::vector<std::string> parts;
  if (cost.free_core_ms > 0) parts.push_back(fmt::format("{:.2f} core-hours", hours(cost.free_core_ms)));
  if (cost.free_gpu_ms > 0) parts.push_back(fmt::format("{:.2f} GPU-hours", hours(cost.free_gpu_ms)));
  if (cost.free_storage > 0) parts.push_back(fmt::format("{:.4f} GB-months", gb_months(cost.free_storage)));
  if (parts.empty()) return "";
  const std::string in = currency.empty() ? "" : " in " + currency;
  return "not charged, for want of a price" + in + ": " + join(parts, ", ");
}

struct CostReport {
  std::string by;
  Account account;
  std::vector<Charge> charges;  // of the days that are asked for
  std::vector<BudgetState> budgets;
  std::vector<CostAlarm> alarms;
  std::vector<Json> overrides;
};

Json report_json(const CostReport& report) {
  Json json{{"currency", report.account.prices.currency},
            {"by", report.by},
            {"rows", Json::array()},
            {"total", cost_json("total", total(report.charges))},
            {"usage", sources_of(report.account)},
            {"budgets", Json::array()},
            {"alerts", Json::array()},
            {"overrides", report.overrides}};
  for (const auto& [name, cost] : sums_by(report.charges, report.by))
    json["rows"].push_back(cost_json(name, cost));
  for (const BudgetState& state : report.budgets) json["budgets"].push_back(budget_json(state));
  for (const CostAlarm& alarm : report.alarms) json["alerts"].push_back(alarm_json(alarm));
  return json;
}

void print_cost(const std::string& name, const CostSum& cost) {
  fmt::print("{:<28} {:>12.2f} {:>12.2f} {:>12.4f} {:>16}\n", name, hours(cost.core_ms), hours(cost.gpu_ms),
             gb_months(cost.storage), cost.amount.text());
}

void print_budgets(const std::vector<BudgetState>& budgets) {
  if (budgets.empty()) return;
  fmt::print("\n{:<20} {:<12} {:>12} {:>12} {:>12} {:>12} {:>12}  until\n", "budget", "period", "amount",
             "spent", "reserved", "left", "expected");
  for (const BudgetState& state : budgets) {
    const std::string until = state.period.label == "all" ? "" : day_of(state.period.end);
    fmt::print("{:<20} {:<12} {:>12} {:>12} {:>12} {:>12} {:>12}  {}{}\n", state.budget.name,
               state.period.label, state.amount.text(), state.spent.amount.text(), state.reserved.text(),
               state.left().text(), state.expected.text(), until, state.budget.stop ? "  stops runs" : "");
  }
}

void print_report(const CostReport& report) {
  const std::string& currency = report.account.prices.currency;
  fmt::print("{:<28} {:>12} {:>12} {:>12} {:>16}\n", report.by, "core-hours", "GPU-hours", "GB-months",
             currency.empty() ? "amount" : currency);
  for (const auto& [name, cost] : sums_by(report.charges, report.by)) print_cost(name, cost);
  const CostSum sum = total(report.charges);
  print_cost("total", sum);
  fmt::print("{}\n", sources_of(report.account));
  if (const std::string without = not_charged(sum, currency); !without.empty()) fmt::print("{}\n", without);
  print_budgets(report.budgets);
  for (const Json& entry : report.overrides)
    fmt::print("override {} {} by {}: {}\n", entry.value("time", ""), entry.value("run", ""),
               entry.value("user", ""), entry.value("reason", ""));
}

// Both days included.
std::vector<Charge> between_days(const po::variables_map& values, std::vector<Charge> charges) {
  if (const std::string since = text_of(values, "since"); !since.empty()) {
    const Moment begin = parse_day(since, "--since");
    std::erase_if(charges, [&](const Charge& charge) { return charge.time < begin; });
  }
  if (const std::string until = text_of(values, "until"); !until.empty()) {
    const Moment end = parse_day(until, "--until") + kDayMs;
    std::erase_if(charges, [&](const Charge& charge) { return charge.time >= end; });
  }
  return charges;
}

std::string grouping(const po::variables_map& values) {
  const std::vector<std::string> words{"run", "model", "team", "day", "month"};
  std::string by = text_of(values, "by");
  if (std::ranges::find(words, by) == words.end())
    throw Error(Topic::kCommandLine, "--by is {}{}; it is one of {}", millrace::quoted(by),
                suggestion(by, words), join(words, ", "));
  return by;
}

std::vector<BudgetState> budgets_of(const PipelineConfig& config, const Account& account) {
  const Moment now = moment_now();
  auto states = budget_states(config.cost, payer_of(config), account.charges, now);
  const auto reservations = recorded_reservations(Workspace(config.workspace));
  count_reservations(states, open_reservations(reservations, account.runs, account.charges, now),
                     account.prices.currency);
  return states;
}

CostReport make_report(const po::variables_map& values, const Communicator& comm) {
  CostReport report;
  report.by = grouping(values);
  if (values.count("config") == 0) {
    const Workspace workspace(workspace_of(values));
    report.account = account_of(workspace, {});
    report.overrides = recorded_overrides(workspace);
  } else {
    const PipelineConfig config = load_pipeline_config(values, comm);
    const Workspace workspace(config.workspace);
    report.account = account_of(workspace, prices_of(config.cost));
    report.budgets = budgets_of(config, report.account);
    report.alarms = tell_of_cost(config, report.account, "");
    raise_cost_alarms(config, report.alarms);
    report.overrides = recorded_overrides(workspace);
  }
  report.charges = between_days(values, report.account.charges);
  return report;
}

int run_cost(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = pipeline_options();
  options.add_options()                                                                             //
      ("by", po::value<std::string>()->default_value("month"), "run, model, team, day or month")    //
      ("since", po::value<std::string>()->value_name("DAY"), "from this day on, 2026-11-01 (UTC)")  //
      ("until", po::value<std::string>()->value_name("DAY"), "up to this day, itself included");
  const auto values = parse_options(self, arguments, options, {"config"}, comm);
  if (!values) return 0;
  const CostReport report = make_report(*values, comm);
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json(report_json(report)));
  } else {
    print_report(report);
  }
  return 0;
}

}  // namespace

Command cost_command() {
  return {"cost",
          "[CONFIG] [options]",
          "Show what the work in a workspace has cost, and how budgets stand",
          "millrace cost configs/quickstart.yaml --by run",
          false,
          run_cost};
}

}  // namespace millrace
