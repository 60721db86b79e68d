// A listening socket, with the reasons why there is none in words. Internal to net/.
#pragma once

#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include "net/http.hpp"

namespace millrace {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol,
                                                    boost::asio::io_context::executor_type>;

// Bound and listening. Throws kResource ("port 8080 on 127.0.0.1 is in use; choose another with --port").
Acceptor listen_on(boost::asio::io_context& io, const HttpListener& where);

// "127.0.0.1:8080", "unix:/run/millrace.socket": with the port that was free.
std::string address_of(const HttpListener& where, const Acceptor& acceptor);
std::uint16_t port_of(const Acceptor& acceptor);  // 0: it has none

// The path of "unix:PATH"; "" for another host.
std::string socket_path(const HttpListener& where);

}  // namespace millrace
