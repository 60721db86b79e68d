// What work costs, and what may be spent: docs/cost.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace millrace {

// In cost.currency; nothing: not charged, and said so.
struct PriceTable {
  std::optional<double> cpu_hour;  // of one core
  std::optional<double> gpu_hour;
  std::optional<double> gb_month;  // 10^9 bytes for a month of 730 h
};

struct Budget {
  std::string name;
  double amount = 0;
  std::string scope = "workspace";          // workspace, model, team
  std::string of;                           // the model's or team's name; empty: this configuration's
  std::string period = "month";             // day, week, month, year, all
  std::vector<double> alerts{50, 80, 100};  // percent
  bool stop = false;                        // a run that would go beyond is not begun
};

struct CostConfig {
  std::string currency = "EUR";
  std::string team;
  PriceTable prices;
  std::vector<Budget> budgets;
  double spike = 3;                 // times the usual cost of a run or day; 0: no alarm
  std::uint32_t spike_history = 5;  // runs or days before there is a usual cost
};

}  // namespace millrace
