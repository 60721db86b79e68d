#include "net/listener.hpp"

#include <cstring>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Endpoint = asio::generic::stream_protocol::endpoint;
using LocalEndpoint = asio::local::stream_protocol::endpoint;

constexpr std::string_view kUnix = "unix:";

Endpoint resolve(asio::io_context& io, const HttpListener& where) {
  error_code failure;
  const auto found =
      tcp::resolver(io).resolve(where.host, std::to_string(where.port), tcp::resolver::passive, failure);
  if (failure || found.empty()) {
    throw Error(Topic::kCannotListen,
                "cannot listen on host '{}': {}; choose an address of this machine with --host", where.host,
                failure.message());
  }
  return found.begin()->endpoint();
}

Error bind_error(const error_code& failure, const HttpListener& where) {
  const auto& [host, port, tls] = where;
  if (!socket_path(where).empty()) {
    return Error(Topic::kCannotListen, "cannot listen on the socket '{}': {}; choose another path",
                 socket_path(where), failure.message());
  }
  if (failure == asio::error::address_in_use) {
    return Error(Topic::kPortInUse, "port {} on {} is in use; choose another with --port", port, host);
  }
  if (failure == asio::error::access_denied) {
    return Error(Topic::kCannotListen, "port {} on {} needs privileges; choose one above 1023 with --port",
                 port, host);
  }
  if (failure == boost::system::errc::address_not_available) {
    return Error(Topic::kCannotListen, "{} is no address of this machine; choose another with --host", host);
  }
  return Error(Topic::kCannotListen, "cannot listen on port {} of {}: {}", port, host, failure.message());
}

// Removes the socket that a server which has ended left behind: nobody answers there.
void remove_abandoned(asio::io_context& io, const LocalEndpoint& endpoint) {
  asio::local::stream_protocol::socket probe(io);
  error_code failure;
  probe.connect(endpoint, failure);
  if (failure == asio::error::connection_refused) ::unlink(endpoint.path().c_str());
}

Endpoint local_endpoint(asio::io_context& io, const HttpListener& where) {
  try {
    const LocalEndpoint endpoint(socket_path(where));
    remove_abandoned(io, endpoint);
    return endpoint;
  } catch (const boost::system::system_error& error) {  // the path is too long
    throw bind_error(error.code(), where);
  }
}

void bind(Acceptor& acceptor, const Endpoint& endpoint, bool local, error_code& failure) {
  const mode_t before = local ? ::umask(0177) : 0;
  acceptor.bind(endpoint, failure);
  if (local) ::umask(before);
}

tcp::endpoint tcp_endpoint(const Acceptor& acceptor) {
  const Endpoint bound = acceptor.local_endpoint();
  tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), bound.data(), std::min(bound.size(), endpoint.capacity()));
  return endpoint;
}

}  // namespace

std::string socket_path(const HttpListener& where) {
  return where.host.starts_with(kUnix) ? where.host.substr(kUnix.size()) : "";
}

Acceptor listen_on(asio::io_context& io, const HttpListener& where) {
  const bool local = !socket_path(where).empty();
  const Endpoint endpoint = local ? local_endpoint(io, where) : resolve(io, where);
  Acceptor acceptor(io);
  error_code failure;
  acceptor.open(endpoint.protocol(), failure);
  // A restarted server need not wait for its predecessor's connections to time out.
  if (!failure && !local) acceptor.set_option(Acceptor::reuse_address(true), failure);
  if (!failure) bind(acceptor, endpoint, local, failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure) throw bind_error(failure, where);
  return acceptor;
}

std::uint16_t port_of(const Acceptor& acceptor) {
  return acceptor.local_endpoint().protocol().family() == AF_UNIX ? 0 : tcp_endpoint(acceptor).port();
}

std::string address_of(const HttpListener& where, const Acceptor& acceptor) {
  if (!socket_path(where).empty()) return where.host;
  return host_and_port(where.host, std::to_string(port_of(acceptor)));
}

}  // namespace millrace
