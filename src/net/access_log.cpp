#include "net/access_log.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

// What a client sent may hold any byte; bytes that are no UTF-8 stand for the characters of their numbers.
void append_text(std::string& line, std::string_view text) {
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t size = std::max<std::size_t>(character_length(text), 1);
    const bool plain = size > 1 || (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\');
    if (plain) {
      line += text.substr(0, size);
    } else {
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", byte);
    }
    text.remove_prefix(size);
  }
}

void append_member(std::string& line, std::string_view name, std::string_view text) {
  line.append(",\"").append(name).append("\":\"");
  append_text(line, text);
  line += '"';
}

RotatingLogOptions log_of(const HttpAccessLog& options) {
  if (options.sample == 0) throw Error(Topic::kCommandLine, "a sample is one in n requests, and n is not 0");
  return {.path = options.path, .file_bytes = options.file_bytes, .files = options.files};
}

}  // namespace

std::string to_json(const AccessRecord& record, std::string_view time) {
  std::string line = "{\"time\":\"";
  line.append(time).append("\"");
  append_member(line, "client", record.client);
  append_member(line, "identity", record.identity);
  append_member(line, "method", record.method);
  append_member(line, "target", record.target);
  fmt::format_to(std::back_inserter(line),
                 ",\"status\":{},\"bytes_in\":{},\"bytes_out\":{},\"seconds\":{:.6f}{}}}", record.status,
                 record.bytes_in, record.bytes_out, record.seconds, record.note);
  return line;
}

AccessLog::AccessLog(const HttpAccessLog& options) : sample_(options.sample), log_(log_of(options)) {}

void AccessLog::add(const AccessRecord& record) {
  if (record.status < 400 && good_.fetch_add(1, std::memory_order_relaxed) % sample_ != 0) return;
  log_.add(to_json(record, now_rfc3339()));
}

}  // namespace millrace
