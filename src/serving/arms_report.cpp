#include "serving/arms_report.hpp"

#include "base/json.hpp"

namespace millrace {

namespace {

template <class Counters>
OrderedJson counts_of(const Counters& counters) {
  OrderedJson json = OrderedJson::array();
  for (const Counter& counter : counters) json.push_back(read(counter));
  return json;
}

std::uint64_t failures(const ModelMetrics& metrics, Failure why) {
  return read(metrics.failures[static_cast<std::size_t>(why)]);
}

OrderedJson report_arm(const Arm& arm, const PredictionBins& bins) {
  const ModelMetrics& metrics = *arm.metrics;
  return {{"arm", to_string(arm.kind)},
          {"model", arm.what.model},
          {"version", arm.what.version},
          {"artifact", arm.what.artifact.hex()},
          {"ready", arm.ready()},
          {"error", arm.error.empty() ? OrderedJson(nullptr) : OrderedJson(arm.error)},
          {"requests", read(metrics.requests)},
          {"refused", failures(metrics, Failure::kRefused)},
          {"failed", failures(metrics, Failure::kBackend) + failures(metrics, Failure::kRejected) +
                         failures(metrics, Failure::kLate)},
          {"latency", {{"borders", ModelMetrics::kBorders}, {"counts", counts_of(metrics.latencies)}}},
          {"predictions", {{"borders", bins.borders()}, {"counts", counts_of(metrics.predictions)}}}};
}

OrderedJson report_shadow(const ShadowCounts& counts) {
  return {{"compared", read(counts.compared)},
          {"agreed", read(counts.agreed)},
          {"sum_absolute_difference", counts.sum_absolute_difference.load()},
          {"largest_difference", counts.largest_difference.load()},
          {"failed", read(counts.failed)},
          {"dropped", read(counts.dropped)}};
}

}  // namespace

std::string arms_report(const Served& served, const std::string& started, const std::string& server) {
  OrderedJson json{{"endpoint", served.name}, {"generation", served.generation}, {"started", started},
                   {"server", server},        {"arms", OrderedJson::array()},    {"shadow", nullptr}};
  for (const Arm& arm : served.arms) {
    json["arms"].push_back(report_arm(arm, served.current().model->bins()));
    if (arm.kind == ArmKind::kCandidate && served.mode == CandidateMode::kShadow)
      json["shadow"] = report_shadow(arm.metrics->shadow);
  }
  return json.dump();
}

}  // namespace millrace
