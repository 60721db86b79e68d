// A request's path and body, without the HTTP around them: answered, or refused as the client's mistake. The
// first line is method and path, the rest the body.
#include "fuzz/harness.hpp"
#include "serving/tiny_service.hpp"

namespace millrace::fuzzing {

namespace {

using testing_support::TinyService;

const TinyService& service() {
  static const TinyService kService;
  return kService;
}

HttpRequest request_of(std::string_view line, std::string_view body) {
  const auto blank = std::min(line.find(' '), line.size());
  return {
      .method = line.substr(0, blank), .target = line.substr(std::min(blank + 1, line.size())), .body = body};
}

void check(const HttpResponse& answer) {
  if (answer.content_type != "application/json") return;
  require(Json::accept(answer.body), "this answer is no JSON", answer.body);
}

}  // namespace

void fuzz(const std::string& input) {
  std::string body = input;
  const std::string line = take_line(body);
  const HttpRequest request = request_of(line, body);
  try {
    check(service().ask(std::string(request.method), std::string(request.target), request.body));
  } catch (const Error& error) {
    require(error.code() == ExitCode::kUsage, "a fault of the service", error.message());
    check(error_response(400, error.message()));
  }
}

}  // namespace millrace::fuzzing
