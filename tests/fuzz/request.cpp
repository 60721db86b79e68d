// A request's path and body, without the HTTP around them: answered, or refused as the client's mistake. The
// first line is method and path, the rest the body.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "serving/tiny_service.hpp"

namespace {

using millrace::testing_support::TinyService;

const TinyService& service() {
  static const TinyService kService;
  return kService;
}

millrace::HttpRequest request_of(const std::string& input) {
  const auto line = std::min(input.find('\n'), input.size());
  const auto blank = std::min(input.find(' '), line);
  return {.method = input.substr(0, blank),
          .target = input.substr(std::min(blank + 1, line), line - std::min(blank + 1, line)),
          .body = input.substr(std::min(line + 1, input.size()))};
}

void check(const millrace::HttpResponse& answer) {
  if (answer.content_type != "application/json") return;
  if (!millrace::Json::accept(answer.body)) {
    std::fprintf(stderr, "this answer is no JSON: %s\n", answer.body.c_str());
    std::abort();
  }
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {  // NOLINT(readability-identifier-naming)
  const millrace::HttpRequest request = request_of({reinterpret_cast<const char*>(data), size});
  try {
    check(service().service.answer(request));
  } catch (const millrace::Error& error) {
    if (error.code() != millrace::ExitCode::kUsage) std::abort();
    check(millrace::error_response(400, error.message()));
  }
  return 0;
}
