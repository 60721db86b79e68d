#include "deployment/request_log.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

namespace {

constexpr const char* kRequestLog = "request log";

std::string text_or_none(const Json& json, const char* key) {
  const Json found = json.value(key, Json());
  return found.is_string() ? found.get<std::string>() : "";
}

void read_file_lines(const std::string& path, const std::function<void(const LoggedAnswer&)>& take) {
  const std::string text = read_file(path);
  std::size_t line = 1;
  for (std::size_t begin = 0;; ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) return;
    const std::string_view bytes = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const Json json = parse_json(bytes, fmt::format("{}:{}", path, line));
    with_context(fmt::format("{}:{}", path, line), [&] { take(json.get<LoggedAnswer>()); });
  }
}

}  // namespace

void from_json(const Json& json, LoggedAnswer& answer) {
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

void read_request_log(const std::string& workspace_root, const std::string& endpoint,
                      const std::function<void(const LoggedAnswer&)>& take) {
  const std::string folder = endpoint_folder(workspace_root, endpoint) + "/requests";
  for (const std::string& name : list_folder(folder))
    if (name.find(".jsonl") != std::string::npos) read_file_lines(folder + "/" + name, take);
}

}  // namespace millrace
