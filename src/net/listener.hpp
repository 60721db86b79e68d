// A listening socket, with the reasons why there is none in words. Internal to net/.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace millrace {

// Bound to host and port (0: any free one) and listening; its handlers run on a strand of their own.
// Throws kResource ("port 8080 on 127.0.0.1 is in use; choose another with --port").
boost::asio::ip::tcp::acceptor listen_on(boost::asio::io_context& io, const std::string& host,
                                         std::uint16_t port);

}  // namespace millrace
