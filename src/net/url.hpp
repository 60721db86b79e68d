// The parts of an http:// or https:// address, for who connects by himself, and what messages show of one.
#pragma once

#include <string>

namespace millrace {

struct Url {
  bool tls = false;  // https
  std::string host;  // without the brackets of an IPv6 address
  std::string port;  // "80" or "443" where none is given
  std::string target;
};

// Throws kUsage with the form that is expected.
Url parse_url(const std::string& text);

// "127.0.0.1:8080", "[::1]:8080".
std::string host_and_port(const std::string& host, const std::string& port);

// For messages: without a password, a query (which may be a signature) and a fragment.
std::string shown_address(const std::string& url);

}  // namespace millrace
