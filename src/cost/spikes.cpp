#include "cost/spikes.hpp"

#include <algorithm>

namespace millrace {

namespace {

// In millionths of the currency, or milliseconds of a core.
using Measure = std::int64_t (*)(const CostSum& cost);
std::int64_t in_money(const CostSum& cost) {
  return cost.amount.micros();
}
std::int64_t in_core_time(const CostSum& cost) {
  return cost.core_ms;
}

// Of the last `count` values, where there are as many; twice it, so that it stays whole. 0: nothing usual.
std::int64_t doubled_median(std::vector<std::int64_t> values, std::uint32_t count) {
  if (values.size() < count || count == 0) return 0;
  values.erase(values.begin(), values.end() - count);
  std::ranges::sort(values);
  return values[(count - 1) / 2] + values[count / 2];
}

class Spikes {
 public:
  Spikes(const CostConfig& config, const std::vector<Charge>& charges)
      : config_(config),
        charges_(charges),
        measure_(total(charges).amount > Money() ? in_money : in_core_time) {}

  std::vector<CostAlarm> of_run(const std::vector<RunUsage>& runs, const RunUsage& run) const {
    const auto costs = sums_by(charges_, "run");
    std::vector<std::int64_t> before;
    for (const RunUsage& other : runs) {
      const bool counts = other.pipeline == run.pipeline && !other.stages.empty() && other.run < run.run;
      if (counts) before.push_back(measure_(costs.at(other.run)));
    }
    return compare("run", run.run, measure_(costs.at(run.run)), before);
  }

  std::vector<CostAlarm> of_day(const std::string& day) const {
    std::map<std::string, std::int64_t> by_day;
    for (const Charge& charge : charges_) {
      if (!charge.is_storage()) by_day[day_of(charge.time)] += measure_(charge.cost);
    }
    std::vector<std::int64_t> before;
    for (const auto& [other, cost] : by_day) {
      if (other < day && cost > 0) before.push_back(cost);
    }
    return compare("day", day, by_day[day], before);
  }

 private:
  [[nodiscard]] std::string text_of(std::int64_t value) const {
    if (measure_ == in_money) return Money::of_micros(value).text() + " " + config_.currency;
    return fmt::format("{:.2f} core-hours", static_cast<double>(value) / kHourMs);
  }

  std::vector<CostAlarm> compare(const char* kind, const std::string& name, std::int64_t cost,
                                 const std::vector<std::int64_t>& before) const {
    const std::int64_t usual = doubled_median(before, config_.spike_history);
    if (config_.spike <= 0 || usual == 0) return {};
    if (2 * static_cast<double>(cost) <= config_.spike * static_cast<double>(usual)) return {};
    CostAlarm alarm;
    alarm.cause = fmt::format("spike/{}/{}", kind, cause_part(name));
    alarm.subject = fmt::format("{} {} cost {:.1f} times the usual", kind, name,
                                2 * static_cast<double>(cost) / static_cast<double>(usual));
    alarm.text = fmt::format("{}: {}, and the median of the last {} is {}", alarm.subject, text_of(cost),
                             config_.spike_history, text_of(usual / 2));
    alarm.details = {{"kind", kind},
                     {"name", name},
                     {"cost", text_of(cost)},
                     {"usual", text_of(usual / 2)},
                     {"spike", config_.spike}};
    return {alarm};
  }

  const CostConfig& config_;
  const std::vector<Charge>& charges_;
  Measure measure_;
};

}  // namespace

std::vector<CostAlarm> spike_alarms(const CostConfig& config, const std::vector<RunUsage>& runs,
                                    const std::vector<Charge>& charges, const std::string& run) {
  const auto found = std::ranges::find(runs, run, &RunUsage::run);
  if (found == runs.end()) return {};
  const Spikes spikes(config, charges);
  std::vector<CostAlarm> alarms = spikes.of_run(runs, *found);
  std::ranges::move(spikes.of_day(day_of(found->end())), std::back_inserter(alarms));
  return alarms;
}

}  // namespace millrace
