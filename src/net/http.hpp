// An HTTP/1.1 server over Boost.Beast (net/client/ has the client); no header of Boost shows here.
// Keep-alive, limits on sizes, numbers and times, clean drain. Whatever goes wrong is answered with {"error":
// …} by the status that Refusal names.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace {

using HttpHeader = std::pair<std::string_view, std::string_view>;

// Behind a request's body so many bytes may be read, whatever they hold: what simdjson wants in order to
// parse in place.
inline constexpr std::size_t kSpareBodyBytes = 64;

// Views of the session's own memory, valid until the answer is sent.
struct HttpRequest {
  std::string_view method;  // "GET"; a HEAD request arrives as GET, and the answer's body is left out
  std::string_view target;  // "/v2/models/churn/infer" with its query, if any
  std::string_view body;    // kSpareBodyBytes follow
  std::span<const HttpHeader> headers = {};  // as they came, in order
  std::string_view client = {};              // "10.0.0.7": whose connection it is
  std::string_view identity = {};            // the common name of its verified certificate; "" without one
  std::size_t listener = 0;                  // by which it came: 0, or 1 + its place in `listeners`

  // The value of the first header of this name, in whatever case; "" without one.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string_view content_type = "application/json";  // of a literal
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones, such as {"Allow", "GET"}

  void clear();  // as new, but the body keeps its memory
  // The value of the first header of this name, in whatever case; "" without one.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

// A request that is being answered.
class HttpExchange {
 public:
  HttpExchange() = default;
  virtual ~HttpExchange() = default;
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  HttpRequest request;
  HttpResponse response;  // to be filled
  std::string note;       // further members for the access log, such as `,"model":"churn"`

  // The response is complete. Exactly once, from any thread, before the HttpServer is destroyed; the exchange
  // must not be touched afterwards.
  virtual void send() = 0;
};

// `status` with the body {"error": message}; bytes of the message that are no UTF-8 are replaced.
HttpResponse error_response(int status, const std::string& message);

// What an exception becomes: 400 for an Error with kUsage, else 500, which is logged.
HttpResponse error_response(const HttpRequest& request, const std::exception_ptr& failure);

// Fills the response and sends it, now or later. Called concurrently where there are several threads. What it
// throws, before it sends, becomes an error_response.
using HttpHandler = std::function<void(HttpExchange&)>;

// A handler that answers at once.
HttpHandler answering(std::function<HttpResponse(const HttpRequest&)> answer);

// Why a request does not reach the handler. The answer closes its connection: what follows is not to be
// trusted, or would have to be read to be thrown away.
enum class Refusal : std::size_t {
  kMalformed,    // 400, or 417 for an Expect that is not understood
  kLarge,        // 413 body, 431 header
  kSlow,         // 408
  kRate,         // 429 with Retry-After
  kBusy,         // 503 with Retry-After: `in_flight` is reached
  kConnections,  // 503 with Retry-After, before a request is read: `connections` is reached
};
inline constexpr std::array kRefusalNames{"malformed", "large", "slow", "rate", "busy", "connections"};

// What a server is doing and whom it refused. Thread-safe.
struct HttpCounters {
  using Counter = std::atomic<std::uint64_t>;
  Counter connections{0};  // open now
  Counter in_flight{0};    // see HttpServerOptions
  std::array<Counter, kRefusalNames.size()> refused{};
  Counter log_lines_lost{0};  // of the access log: the disk was full or too slow
};

// A further address to listen on, such as one for administration alone.
struct HttpListener {
  std::string host =
      "127.0.0.1";         // or "unix:PATH", a socket in the file system, which only its owner may open
  std::uint16_t port = 0;  // 0: any free one
  bool tls = false;        // as `tls` says
};

// PEM files. Read anew when they change: new connections take what is new.
struct HttpTls {
  std::string certificate;         // the chain, the server's own first; "": no TLS
  std::string key;                 // "": it is in `certificate`
  std::string client_authorities;  // where given, clients need a certificate that one of them has signed
};

// One JSON line a request: time, client, identity, method, target, status, bytes_in, bytes_out, seconds, and
// what the handler noted. Written by a thread of its own (base/rotating_log.hpp).
struct HttpAccessLog {
  std::string path;                                     // "": none
  std::uint64_t file_bytes = std::uint64_t{64} << 20U;  // until PATH becomes PATH.1, PATH.1 PATH.2, …
  std::uint32_t files = 5;                              // of these older ones
  std::uint32_t sample = 1;                             // of answers below 400 one in so many; all others
};

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // as in HttpListener
  std::uint16_t port = 0;
  std::vector<HttpListener> listeners = {};
  HttpTls tls = {};  // of the first address, and of further ones that say so
  HttpAccessLog access_log = {};
  std::uint32_t threads = 1;
  std::vector<std::uint32_t> cores = {};  // thread i runs on the (i mod size)th alone; none: anywhere
  std::uint64_t body_limit = std::uint64_t{16} << 20U;  // bytes
  std::uint32_t header_limit = 16384;                   // bytes, with the request line
  std::uint32_t connections = 4096;  // at once; fewer where the process may not open as many files
  // Requests with a body between their header's arrival and their answer's: bounds the memory that bodies
  // take. Requests without one are always answered, so that health and metrics can be asked under load.
  std::uint32_t in_flight = 256;
  double rate = 0;             // requests a second of one client address (IPv6: one /64); 0: no limit
  double header_seconds = 10;  // from a header's first byte to its last
  double body_seconds = 60;    // from the header's end to the body's
  // Bytes a second that a body keeps on average once it has taken header_seconds: one that trickles in holds
  // its place among those in flight no longer than that.
  double body_rate = 16384;
  double idle_seconds = 60;  // until a request begins, and for an answer to be taken
  std::shared_ptr<HttpCounters> counters = std::make_shared<HttpCounters>();
};

class HttpServer {
 public:
  // Binds and listens; raises the process's limit on open files where it is below `connections`. Throws
  // kResource ("port 8080 on 127.0.0.1 is in use: …"), kUsage for limits that make no sense.
  HttpServer(HttpServerOptions options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Of the address with this number (HttpRequest::listener).
  [[nodiscard]] std::uint16_t port(std::size_t listener = 0) const;
  [[nodiscard]] std::string address(std::size_t listener = 0) const;  // "127.0.0.1:8080"
  // Serves on options.threads threads until stop() or a stop signal; then accepts nothing more, finishes what
  // is in flight (for 10 s at most), returns. To be called once. `tick` (if any) is called on the calling
  // thread, about once a second and once after the stop, while the server still accepts; it may take its
  // time; an exception from it stops the server and leaves run().
  void run(const std::function<void()>& tick = {});
  void stop();  // from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace
