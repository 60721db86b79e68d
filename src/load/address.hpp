// A server's address, found once for all connections. Internal to load/.
#pragma once

#include <string>

#include <sys/socket.h>

#include "base/error.hpp"

namespace millrace::load {

struct Address {
  std::string text;  // "127.0.0.1:8080"
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

// "HOST:PORT" → the first of the host's addresses that takes a connection. Throws kUnreachableServer where
// none does, kCommandLine where `host_and_port` is none.
Address reach(const std::string& host_and_port, double timeout_seconds);

Error unreachable(const std::string& address, int error_number);

}  // namespace millrace::load
