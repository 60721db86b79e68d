#include "deployment/request_log.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

namespace {

constexpr const char* kRequestLog = "request log";

std::string text_or_none(const Json& json, const char* key) {
  const Json found = json.value(key, Json());
  return found.is_string() ? found.get<std::string>() : "";
}

// `take` gets the line and where it stands: "requests.jsonl:7".
template <class Take>
void for_each_line(const std::string& workspace_root, const std::string& endpoint, Take&& take) {
  const std::string folder = endpoint_folder(workspace_root, endpoint) + "/requests";
  for (const std::string& name : list_folder(folder)) {
    if (name.find(".jsonl") == std::string::npos) continue;
    const std::string text = read_file(folder + "/" + name);
    std::size_t line = 1;
    for (std::size_t begin = 0, end = text.find('\n'); end != std::string::npos;
         begin = end + 1, end = text.find('\n', begin), ++line)
      take(std::string_view(text).substr(begin, end - begin),
           [&] { return fmt::format("{}/{}:{}", folder, name, line); });
  }
}

std::optional<LoggedAnswer> answer_in(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    return json.get<LoggedAnswer>();
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

void from_json(const Json& json, LoggedAnswer& answer) {
  answer.time = parse_rfc3339(json_get<std::string>(json, "time", kRequestLog));
  answer.id = json_get<std::string>(json, "id", kRequestLog);
  answer.row = json_get<std::uint64_t>(json, "row", kRequestLog);
  answer.model = json_get<std::string>(json, "model", kRequestLog);
  answer.version = json_get<std::uint64_t>(json, "version", kRequestLog);
  const Json prediction = json.value("prediction", Json());
  answer.prediction = prediction.is_number() ? std::optional(prediction.get<double>()) : std::nullopt;
  answer.predicted_class = text_or_none(json, "class");
  if (!answer.prediction && answer.predicted_class.empty())
    throw Error(Topic::kDamagedFile, "{}: it has neither 'prediction' nor 'class'", kRequestLog);
}

void read_request_lines(const std::string& workspace_root, const std::string& endpoint,
                        const std::function<void(std::string_view line)>& take) {
  for_each_line(workspace_root, endpoint, [&](std::string_view line, auto&&) { take(line); });
}

void read_request_log(const std::string& workspace_root, const std::string& endpoint,
                      const std::function<void(const LoggedAnswer&)>& take) {
  std::size_t torn = 0;
  std::string first;
  for_each_line(workspace_root, endpoint, [&](std::string_view line, auto&& place) {
    if (const auto answer = answer_in(line)) return take(*answer);
    if (torn++ == 0) first = place();
  });
  if (torn > 0)
    log_warning("{}: no answer of a request, torn by a crash? {} such line(s) are left out", first, torn);
}

}  // namespace millrace
