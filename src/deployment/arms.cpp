#include "deployment/arms.hpp"

#include <algorithm>
#include <numeric>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "net/client/bearer_token.hpp"
#include "net/client/http_client.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

namespace {

constexpr const char* kArmsReport = "report of a server's arms";
constexpr double kAnswerSeconds = 5;

Histogram histogram_from(const Json& json) {
  Histogram histogram{json_get<std::vector<double>>(json, "borders", kArmsReport),
                      json_get<std::vector<std::uint64_t>>(json, "counts", kArmsReport)};
  if (histogram.counts.size() == histogram.borders.size() + 1 && std::ranges::is_sorted(histogram.borders))
    return histogram;
  throw Error(Topic::kResource, "{}: {} counts do not fit {} ascending borders", kArmsReport,
              histogram.counts.size(), histogram.borders.size());
}

// A version that is not loaded may have no histogram yet.
Histogram histogram_or_none(const Json& arm, const char* key) {
  const Json found = arm.value(key, Json());
  return found.is_null() ? Histogram{} : histogram_from(found);
}

ReportedArm arm_from(const Json& json) {
  ReportedArm arm;
  arm.arm = json_get<std::string>(json, "arm", kArmsReport);
  arm.artifact = Digest::from_hex(json_get<std::string>(json, "artifact", kArmsReport));
  arm.ready = json_get<bool>(json, "ready", kArmsReport);
  if (const Json error = json.value("error", Json()); error.is_string()) arm.error = error;
  arm.counts = {json_get<std::uint64_t>(json, "requests", kArmsReport),
                json_get<std::uint64_t>(json, "refused", kArmsReport),
                json_get<std::uint64_t>(json, "failed", kArmsReport), histogram_or_none(json, "latency"),
                histogram_or_none(json, "predictions")};
  return arm;
}

ShadowReport shadow_from(const Json& json) {
  return {json_get<std::uint64_t>(json, "compared", kArmsReport),
          json_get<std::uint64_t>(json, "agreed", kArmsReport),
          json_get<std::uint64_t>(json, "failed", kArmsReport),
          json_get<double>(json, "sum_absolute_difference", kArmsReport),
          json_get<double>(json, "largest_difference", kArmsReport)};
}

HttpAnswer ask(const ServerAddress& address, const std::string& url) {
  const std::string authorization = bearer_authorization(token_file());
  HttpCall call{.url = url};
  if (!authorization.empty()) call.headers = [&] { return HttpHeaders{{"Authorization", authorization}}; };
  return HttpClient({.answer_seconds = kAnswerSeconds, .socket = address.socket}).send(call);
}

// A server that does not let us look is none that is not there: then the new version would get
// all requests at once.
std::optional<ArmsReport> report_from(const HttpAnswer& answer, const std::string& where) {
  if (answer.status == 200) return parse_document<ArmsReport>(answer.body, where);
  if (answer.status == 401 || answer.status == 403) {
    throw Error(Topic::kRefusedRequest, "{}: HTTP {}: {}; MILLRACE_TOKEN_FILE names a file with the token",
                where, answer.status, trim(answer.body));
  }
  log_debug("{}: HTTP {}", where, answer.status);
  return std::nullopt;
}

void add_since(std::uint64_t& sum, std::uint64_t now, std::uint64_t before) {
  sum += now - std::min(now, before);
}

void add_since(Histogram& sum, const Histogram& now, const Histogram* before) {
  if (sum.borders != now.borders || sum.counts.size() != now.counts.size())
    sum = {now.borders, std::vector<std::uint64_t>(now.counts.size(), 0)};
  const bool comparable = before != nullptr && before->borders == now.borders;
  for (std::size_t i = 0; i < now.counts.size(); ++i)
    add_since(sum.counts[i], now.counts[i], comparable ? before->counts[i] : 0);
}

}  // namespace

std::uint64_t Histogram::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

const ReportedArm* ArmsReport::find(const std::string& arm, const Digest& artifact) const {
  const auto found = std::ranges::find_if(
      arms, [&](const ReportedArm& one) { return one.arm == arm && one.artifact == artifact; });
  return found == arms.end() ? nullptr : &*found;
}

void from_json(const Json& json, ArmsReport& report) {
  report.generation = json_get<std::uint64_t>(json, "generation", kArmsReport);
  report.started = json_get<std::string>(json, "started", kArmsReport);
  report.arms.clear();
  for (const Json& arm : json_get<std::vector<Json>>(json, "arms", kArmsReport))
    report.arms.push_back(arm_from(arm));
  const Json shadow = json.value("shadow", Json());
  report.shadow = shadow.is_null() ? std::nullopt : std::optional(shadow_from(shadow));
}

void add_since(ArmCounts& sum, const ArmCounts& now, const ArmCounts* before) {
  const ArmCounts none;
  const ArmCounts& then = before != nullptr ? *before : none;
  add_since(sum.requests, now.requests, then.requests);
  add_since(sum.refused, now.refused, then.refused);
  add_since(sum.failed, now.failed, then.failed);
  add_since(sum.latency, now.latency, &then.latency);
  add_since(sum.predictions, now.predictions, &then.predictions);
}

void add_since(ShadowReport& sum, const ShadowReport& now, const ShadowReport* before) {
  const ShadowReport none;
  const ShadowReport& then = before != nullptr ? *before : none;
  add_since(sum.compared, now.compared, then.compared);
  add_since(sum.agreed, now.agreed, then.agreed);
  add_since(sum.failed, now.failed, then.failed);
  sum.sum_absolute_difference += now.sum_absolute_difference - then.sum_absolute_difference;
  sum.largest_difference = std::max(sum.largest_difference, now.largest_difference);
}

std::optional<ServerAddress> server_address(const std::string& workspace_root, const std::string& endpoint) {
  const std::string path = endpoint_folder(workspace_root, endpoint) + "/address";
  if (!path_exists(path)) return std::nullopt;
  const std::string text(trim(read_file(path)));
  return text.empty() ? std::nullopt : std::optional(parse_server_address(text));
}

std::optional<ArmsReport> ask_arms(const std::string& workspace_root, const std::string& endpoint) {
  try {
    const auto address = server_address(workspace_root, endpoint);
    if (!address) return std::nullopt;
    const std::string where = address->url + "/v2/models/" + endpoint + "/arms";
    return report_from(ask(*address, where), where);
  } catch (const Error& error) {  // an address that has just gone, a server that is ending
    if (error.topic() == Topic::kTls || error.topic() == Topic::kRefusedRequest) throw;
    log_debug("no word from the server: {}", error.message());
  }
  return std::nullopt;
}

}  // namespace millrace
