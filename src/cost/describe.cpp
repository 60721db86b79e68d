#include "cost/describe.hpp"

namespace millrace {

namespace {

std::string amount_text(const CostSum& cost, const std::string& currency) {
  const bool has_core = cost.core_ms > cost.free_core_ms;
  const bool has_gpu = cost.gpu_ms > cost.free_gpu_ms;
  const bool whole = cost.free_core_ms == 0 && cost.free_gpu_ms == 0;
  if (!whole && !has_core && !has_gpu) return ", no prices";
  const char* missing = cost.free_core_ms > 0 ? "core" : "GPU";
  return fmt::format(": {} {}{}", cost.amount.text(), currency,
                     whole ? "" : fmt::format(" without the {} hours, which have no price", missing));
}

}  // namespace

std::string describe(const CostSum& cost, const std::string& currency) {
  return fmt::format("{:.4f} core-hours, {:.4f} GPU-hours{}", static_cast<double>(cost.core_ms) / kHourMs,
                     static_cast<double>(cost.gpu_ms) / kHourMs, amount_text(cost, currency));
}

}  // namespace millrace
