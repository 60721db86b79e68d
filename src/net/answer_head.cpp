#include "net/answer_head.hpp"

#include <algorithm>
#include <iterator>

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

namespace millrace {

namespace {

void append_status(std::string& head, int status, bool old) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  fmt::format_to(std::back_inserter(head), "HTTP/1.{} {} ", old ? 0 : 1, status);
  head.append(reason.data(), reason.size());
  head += "\r\n";
}

// A line end within a value would begin a field of somebody else's.
void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  std::transform(value.begin(), value.end(), std::back_inserter(head),
                 [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0' ? ' ' : byte; });
  head += "\r\n";
}

}  // namespace

bool allows_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void append_head(std::string& head, const HttpResponse& answer, bool old, bool keep_alive) {
  append_status(head, answer.status, old);
  if (allows_body(answer.status)) {
    append_field(head, "Content-Type", answer.content_type);
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", answer.body.size());
  }
  for (const auto& [name, value] : answer.headers) append_field(head, name, value);
  if (!keep_alive) head += "Connection: close\r\n";
  if (keep_alive && old) head += "Connection: keep-alive\r\n";
  head += "\r\n";
}

}  // namespace millrace
