#include "load/address.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <sys/time.h>

#include "base/file.hpp"
#include "base/topics.hpp"
#include "net/url.hpp"

namespace millrace::load {

namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses look_up(const Url& url) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found);
  if (failure != 0)
    throw Error(Topic::kUnreachableServer, "cannot find host '{}': {}", url.host, ::gai_strerror(failure));
  return {found, &::freeaddrinfo};
}

// 0, or the errno.
int try_to_connect(const addrinfo& to, double timeout_seconds) {
  const UniqueFd socket(::socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno;
  const double seconds = std::floor(timeout_seconds);
  const timeval limit{.tv_sec = static_cast<time_t>(seconds),
                      .tv_usec = static_cast<suseconds_t>((timeout_seconds - seconds) * 1e6)};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (::connect(socket.get(), to.ai_addr, to.ai_addrlen) == 0) return 0;
  return errno == EINPROGRESS ? ETIMEDOUT : errno;
}

}  // namespace

Error unreachable(const std::string& address, int error_number) {
  return {Topic::kUnreachableServer, "cannot reach {}: {}", address, std::strerror(error_number)};
}

Address reach(const std::string& host_and_port, double timeout_seconds) {
  const Addresses found = look_up(parse_url("http://" + host_and_port));
  int failure = 0;
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    failure = try_to_connect(*one, timeout_seconds);
    if (failure != 0) continue;
    Address address{.text = host_and_port, .size = one->ai_addrlen};
    std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
    return address;
  }
  throw unreachable(host_and_port, failure);
}

}  // namespace millrace::load
