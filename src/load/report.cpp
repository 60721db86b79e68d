#include "load/report.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace millrace::load {

namespace {

constexpr std::array<std::pair<const char*, double>, 4> kQuantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

double milliseconds(std::uint64_t nanoseconds) {
  return 1e-6 * static_cast<double>(nanoseconds);
}

OrderedJson latency_json(const LatencyHistogram& latency) {
  OrderedJson json;
  for (const auto& [name, q] : kQuantiles) json[name] = milliseconds(latency.quantile(q));
  json["max"] = milliseconds(latency.max());
  json["mean"] = 1e-6 * latency.mean();
  return json;
}

double generator_us(const LoadResult& result) {
  return 1e6 * result.generator_seconds / static_cast<double>(std::max<std::uint64_t>(result.answers, 1));
}

std::string line_of(const LatencyHistogram& latency) {
  std::string line;
  for (const auto& [name, q] : kQuantiles)
    line += fmt::format("  {} {:.3f}", name, milliseconds(latency.quantile(q)));
  return line + fmt::format("  max {:.3f}", milliseconds(latency.max()));
}

std::string counts_of(const LoadResult& result) {
  std::string text;
  for (const auto& [status, count] : result.statuses)
    text += fmt::format(", status {}: {}", status, human_count(count));
  for (std::size_t i = 0; i < result.failures.size(); ++i) {
    if (result.failures[i] > 0)
      text += fmt::format(", {}: {}", kFailureNames[i], human_count(result.failures[i]));
  }
  if (result.unsent > 0) text += fmt::format(", due but not sent: {}", human_count(result.unsent));
  if (result.connect_failures > 0)
    text += fmt::format(", failed to connect: {}", human_count(result.connect_failures));
  return text;
}

}  // namespace

OrderedJson to_json(const LoadPlan& plan, const LoadResult& result) {
  OrderedJson json{{"rate", plan.rate > 0 ? OrderedJson(plan.rate) : OrderedJson()},
                   {"connections", plan.connections},
                   {"threads", plan.threads},
                   {"seconds", result.seconds},
                   {"throughput", result.throughput()},
                   {"latency_ms", latency_json(result.latency)},
                   {"service_ms", latency_json(result.service)},
                   {"requests", result.requests},
                   {"statuses", OrderedJson::object()},
                   {"failures", OrderedJson::object()},
                   {"unsent", result.unsent},
                   {"answers", result.answers},
                   {"connect_failures", result.connect_failures},
                   {"generator_us_per_request", generator_us(result)},
                   {"timeline", OrderedJson::array()}};
  for (const auto& [status, count] : result.statuses) json["statuses"][std::to_string(status)] = count;
  for (std::size_t i = 0; i < result.failures.size(); ++i)
    json["failures"][kFailureNames[i]] = result.failures[i];
  for (std::size_t i = 0; i < result.timeline.size(); ++i) {
    const Interval& one = result.timeline[i];
    json["timeline"].push_back({{"second", plan.interval_seconds * static_cast<double>(i)},
                                {"ok", one.ok},
                                {"other", one.other},
                                {"failed", one.failed},
                                {"max_ms", milliseconds(one.slowest)}});
  }
  return json;
}

std::string describe(const LoadPlan& plan, const LoadResult& result) {
  std::string text = fmt::format("{} requests in {:.1f} s{}\n", human_count(result.requests), result.seconds,
                                 counts_of(result));
  text += fmt::format("answered with 2xx: {:.0f} a second\n", result.throughput());
  if (plan.rate > 0) text += fmt::format("ms from due to answer: {}\n", line_of(result.latency));
  text += fmt::format("ms from sent to answer:{}\n", line_of(result.service));
  return text + fmt::format("the generator computed {:.1f} us a request\n", generator_us(result));
}

}  // namespace millrace::load
