#include "cost/charges.hpp"

#include <algorithm>
#include <functional>

namespace millrace {

namespace {

// The parts of [begin, end) that lie on one day each; of no time, the beginning's day.
void for_each_day(Moment begin, Moment end, const std::function<void(Moment from, Moment to)>& visit) {
  Moment from = begin;
  do {
    const Moment to = std::min(end, start_of_day(from) + kDayMs);
    visit(from, to);
    from = to;
  } while (from < end);
}

// The price in the currency that is asked for: the recorded one, else today's.
std::optional<Money> price_in(const Prices& today, const std::string& currency,
                              const std::optional<Money>& recorded, const std::optional<Money>& otherwise) {
  if (!recorded) return otherwise;
  return currency == today.currency ? recorded : std::nullopt;
}

CostSum cost_of(const RunUsage& run, Moment from, Moment to, const Prices& today) {
  const Moment whole = std::max<Moment>(1, run.wall_ms);
  const Moment first = from - run.begin;
  const Moment last = run.wall_ms == 0 ? 1 : to - run.begin;
  CostSum cost;
  cost.core_ms = share(run.core_ms, first, last, whole);
  cost.gpu_ms = share(run.gpu_ms, first, last, whole);
  const Prices& then = run.prices;
  charge_time(cost.core_ms, price_in(today, then.currency, then.cpu_hour, today.cpu_hour), cost,
              cost.free_core_ms);
  charge_time(cost.gpu_ms, price_in(today, then.currency, then.gpu_hour, today.gpu_hour), cost,
              cost.free_gpu_ms);
  return cost;
}

CostSum cost_of(const StorageMeasure& measure, Moment from, Moment to, const Prices& today) {
  CostSum cost;
  cost.storage = storage_of(measure.bytes, to - from);
  const auto price = price_in(today, measure.currency, measure.gb_month, today.gb_month);
  if (price) {
    cost.amount = price_of_storage(cost.storage, *price);
  } else {
    cost.free_storage = cost.storage;
  }
  return cost;
}

std::string group_of(const Charge& charge, const std::string& by) {
  if (by == "day") return day_of(charge.time);
  if (by == "month") return month_of(day_of(charge.time));
  if (charge.is_storage()) return kStorageGroup;
  if (by == "model") return charge.model;
  if (by == "team") return charge.team.empty() ? kNoTeam : charge.team;
  return charge.run;
}

}  // namespace

void charge_time(std::int64_t ms, const std::optional<Money>& per_hour, CostSum& cost,
                 std::int64_t& free_ms) {
  if (per_hour) {
    cost.amount += price_of_time(ms, *per_hour);
  } else {
    free_ms += ms;
  }
}

CostSum& CostSum::operator+=(const CostSum& other) {
  core_ms += other.core_ms;
  gpu_ms += other.gpu_ms;
  storage += other.storage;
  amount += other.amount;
  free_core_ms += other.free_core_ms;
  free_gpu_ms += other.free_gpu_ms;
  free_storage += other.free_storage;
  return *this;
}

std::vector<Charge> charges_of(const std::vector<RunUsage>& runs, const std::vector<StorageMeasure>& measures,
                               const Prices& prices, Moment now) {
  std::vector<Charge> charges;
  for (const RunUsage& run : runs) {
    for_each_day(run.begin, run.end(), [&](Moment from, Moment to) {
      charges.push_back({run.run, run.pipeline, run.model, run.team, from, cost_of(run, from, to, prices)});
    });
  }
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const Moment end = i + 1 < measures.size() ? measures[i + 1].time : std::max(now, measures[i].time);
    for_each_day(measures[i].time, end, [&](Moment from, Moment to) {
      charges.push_back({"", "", "", "", from, cost_of(measures[i], from, to, prices)});
    });
  }
  return charges;
}

std::map<std::string, CostSum> sums_by(const std::vector<Charge>& charges, const std::string& by) {
  std::map<std::string, CostSum> sums;
  for (const Charge& charge : charges) sums[group_of(charge, by)] += charge.cost;
  return sums;
}

CostSum total(const std::vector<Charge>& charges) {
  CostSum sum;
  for (const Charge& charge : charges) sum += charge.cost;
  return sum;
}

}  // namespace millrace
