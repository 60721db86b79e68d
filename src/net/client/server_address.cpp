#include "net/client/server_address.hpp"

#include "base/error.hpp"
#include "base/topics.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

constexpr std::string_view kSocket = "unix:";

}  // namespace

ServerAddress parse_server_address(const std::string& text) {
  if (text.starts_with(kSocket) && text.size() > kSocket.size())
    return {"http://localhost", text.substr(kSocket.size())};
  const bool has_scheme = text.find("://") != std::string::npos;
  const Url url = parse_url(has_scheme ? text : "http://" + text);
  if (url.target == "/") return {(url.tls ? "https://" : "http://") + host_and_port(url.host, url.port), ""};
  throw Error(Topic::kCommandLine,
              "'{}' is no server's address: those are HOST:PORT, https://HOST:PORT or unix:PATH", text);
}

}  // namespace millrace
