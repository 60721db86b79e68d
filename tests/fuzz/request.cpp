// A request's path and body, without the HTTP around them: answered, or refused as the client's mistake. The
// first line is method, path, and where the JSON ends if binary tensors follow it; the rest is the body.
#include <array>
#include <span>

#include "fuzz/harness.hpp"
#include "serving/tiny_service.hpp"

namespace millrace::fuzzing {

namespace {

using testing_support::TinyService;

const TinyService& service() {
  static const TinyService kService;
  return kService;
}

// Cuts the first word off.
std::string take_word(std::string& line) {
  const auto blank = std::min(line.find(' '), line.size());
  const std::string word = line.substr(0, blank);
  line.erase(0, std::min(blank + 1, line.size()));
  return word;
}

void check(const HttpResponse& answer) {
  std::string_view json = answer.body;
  if (answer.content_type == "application/octet-stream")
    json = json.substr(0, std::stoul(answer.headers.at(0).second));
  if (answer.content_type.starts_with("text/plain")) return;
  require(Json::accept(json), "this answer is no JSON", answer.body);
}

}  // namespace

void fuzz(const std::string& input) {
  std::string body = input;
  std::string line = take_line(body);
  const std::string method = take_word(line);
  const std::string target = take_word(line);
  // An administrator's, or loading is refused unread.
  const std::array<HttpHeader, 2> headers{HttpHeader{"Authorization", "Bearer an admin's token"},
                                          HttpHeader{"Inference-Header-Content-Length", line}};
  try {
    check(service().ask(method, target, body, std::span(headers).first(line.empty() ? 1 : 2)));
  } catch (const Error& error) {
    require(error.code() == ExitCode::kUsage, "a fault of the service", error.message());
    check(error_response(400, error.message()));
  }
}

}  // namespace millrace::fuzzing
