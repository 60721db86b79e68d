// TLS for the server's connections: certificates from files, which may be renewed, and streams. Internal to
// net/.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "net/http.hpp"
#include "net/stream.hpp"

namespace millrace {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// What new connections take. Thread-safe.
class TlsCertificates {
 public:
  // Throws kTls ("certificate 'server.pem' cannot be used: …").
  explicit TlsCertificates(HttpTls files);

  [[nodiscard]] TlsContext current();
  // Reads files that have changed. Those that cannot be used are a warning, and the former ones stay.
  void refresh();

 private:
  // Of a file: what changes with its content.
  struct Mark {
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const Mark&) const = default;
  };
  using Marks = std::array<Mark, 3>;
  static Mark mark_of(const std::string& path);
  [[nodiscard]] Marks marks() const;

  const HttpTls files_;
  Marks marks_;
  std::mutex mutex_;  // of context_
  TlsContext context_;
};

std::unique_ptr<ByteStream> make_tls_stream(ByteStream::Socket socket, TlsContext context);

}  // namespace millrace
