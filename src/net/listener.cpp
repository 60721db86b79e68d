#include "net/listener.hpp"

#include <boost/asio/strand.hpp>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint resolve(asio::io_context& io, const std::string& host, std::uint16_t port) {
  error_code failure;
  const auto found = tcp::resolver(io).resolve(host, std::to_string(port), tcp::resolver::passive, failure);
  if (failure || found.empty()) {
    throw Error(Topic::kCannotListen,
                "cannot listen on host '{}': {}; choose an address of this machine with --host", host,
                failure.message());
  }
  return found.begin()->endpoint();
}

Error bind_error(const error_code& failure, const std::string& host, std::uint16_t port) {
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

}  // namespace

tcp::acceptor listen_on(asio::io_context& io, const std::string& host, std::uint16_t port) {
  const tcp::endpoint endpoint = resolve(io, host, port);
  tcp::acceptor acceptor(asio::make_strand(io));
  error_code failure;
  acceptor.open(endpoint.protocol(), failure);
  // A restarted server need not wait for its predecessor's connections to time out.
  if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure) throw bind_error(failure, host, port);
  return acceptor;
}

}  // namespace millrace
