#include "cost/affordable.hpp"

#include <limits>

#include "base/topics.hpp"

namespace millrace {

double affordable_seconds(double amount, const Allocation& held, const PriceTable& prices,
                          const std::string& key) {
  constexpr double kHour = 3600;
  const char* missing = !prices.cpu_hour                    ? "cpu_hour"
                        : held.gpus > 0 && !prices.gpu_hour ? "gpu_hour"
                                                            : nullptr;
  if (missing != nullptr)
    throw Error(Topic::kNoPrice, "{} is set, and cost.prices has no {}, which this search needs", key,
                missing);
  const double an_hour = static_cast<double>(held.cores) * *prices.cpu_hour +
                         static_cast<double>(held.gpus) * prices.gpu_hour.value_or(0);
  return an_hour > 0 ? amount / an_hour * kHour : std::numeric_limits<double>::infinity();
}

}  // namespace millrace
