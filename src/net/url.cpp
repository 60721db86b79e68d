#include "net/url.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::string_view kPlain = "http://";
constexpr std::string_view kTls = "https://";

bool is_port(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && !text.empty() && text.size() <= 5 && std::stoul(std::string(text)) <= 65535;
}

// Where the host ends: behind the bracket of an IPv6 address, else at the colon or the end.
std::size_t host_end(std::string_view authority) {
  if (authority.empty() || authority.front() != '[') return std::min(authority.find(':'), authority.size());
  const auto bracket = authority.find(']');
  return bracket == std::string_view::npos ? 0 : bracket + 1;
}

}  // namespace

Url parse_url(const std::string& text) {
  const Error refusal =
      Error(Topic::kCommandLine, "'{}' is no address of the form http://host:port/path or https://…", text);
  const bool tls = text.starts_with(kTls);
  if (!tls && !text.starts_with(kPlain)) throw refusal;
  if (text.find_first_of(" \t\r\n") != std::string::npos) throw refusal;
  const std::string_view rest = std::string_view(text).substr(tls ? kTls.size() : kPlain.size());
  const auto path = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, path);
  const auto end = host_end(authority);
  std::string_view host = authority.substr(0, end);
  const std::string_view port = authority.substr(end);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  if (host.empty() || (!port.empty() && (port.front() != ':' || !is_port(port.substr(1))))) throw refusal;
  return {.tls = tls,
          .host = std::string(host),
          .port = port.empty() ? (tls ? "443" : "80") : std::string(port.substr(1)),
          .target = path == rest.size() ? "/" : std::string(rest.substr(path))};
}

std::string host_and_port(const std::string& host, const std::string& port) {
  const bool v6 = host.find(':') != std::string::npos;
  return v6 ? "[" + host + "]:" + port : host + ":" + port;
}

std::string shown_address(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  std::string rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::string host = rest.substr(0, rest.find('/'));
  if (const auto at = host.rfind('@'); at != std::string::npos) rest.erase(0, at + 1);
  return url.substr(0, scheme + 3) + rest;
}

}  // namespace millrace
