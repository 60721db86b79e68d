// HTTP requests, over libcurl: with limits of time, with TLS, and with attempts after failures that pass. All
// of Millrace's requests go through here but those of load/, which measures.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/topics.hpp"

namespace millrace {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// Bytes of a body, from this offset in it; after a failed attempt it begins at 0 again. May throw.
using BodySink = std::function<void(std::uint64_t offset, std::string_view bytes)>;

struct HttpCall {
  std::string url;
  std::string name = {};  // what messages call it; "": shown_address(url)
  std::string method = "GET";
  std::string body = {};       // sent along, unless it is empty
  std::string body_file = {};  // or what is in this file
  // Whether doing it twice is as good as once. Where not, a request that may have reached the server is not
  // sent again.
  bool repeatable = true;
  std::function<HttpHeaders()> headers = {};  // made for each attempt anew: signatures expire
  // For all attempts and the waits between them; 0: any. A wait that does not fit is not begun, nor one that
  // is shorter than the server asks for: the answer before it is the last.
  double seconds = 0;
  bool follow = false;                              // redirects
  std::size_t body_limit = std::size_t{16} << 20U;  // of HttpAnswer::body; what is longer is cut off
  // The body of an answer with this status goes here, and has `bytes` bytes where that is known.
  int sink_status = 0;
  BodySink sink = {};
  std::optional<std::uint64_t> bytes = {};
};

struct IgnoringCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string, IgnoringCase> headers;  // of several with one name the last
  std::string body;                                          // unless it went to the sink
  std::uint64_t received = 0;                                // bytes that went to the sink

  // "" where there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  // Seconds after which the server wants to be asked again, or until the time that it names (RFC 9110,
  // 10.2.3); 0 where it does not say.
  [[nodiscard]] double retry_after() const;
};

// Of https: PEM files.
struct HttpTrust {
  // Whose certificates are trusted; "": those that AWS_CA_BUNDLE, CURL_CA_BUNDLE or SSL_CERT_FILE names, else
  // the machine's.
  std::string authorities = {};
  std::string certificate = {};  // the client's own, where the server wants one
  std::string key = {};          // "": it is in `certificate`
};

// As a server of our own is asked; remote/client_options.hpp has others'.
struct HttpClientOptions {
  std::uint32_t attempts = 1;
  double retry_seconds = 0.2;  // before the second; doubled before each further one, up to kLongestWait
  double connect_seconds = 0;  // 0: any
  double stall_seconds = 0;    // whole ones without a byte, until an attempt is given up; 0: any
  double answer_seconds = 10;  // for all of an attempt; 0: any
  bool proxies = false;        // those of https_proxy and no_proxy are used
  std::string socket = {};     // in the file system, through which all goes, whatever the address; "": none
  HttpTrust trust = {};
  Topic unreachable = Topic::kUnreachableServer;  // of errors
};

// Whether an answer of this status may be another the next time: 408, 429, 5xx.
bool passes(int status);

inline constexpr double kLongestWait = 20;  // seconds between two attempts

// Keeps its connection. For one thread.
class HttpClient {
 public:
  // Throws kTls for files that cannot be read.
  explicit HttpClient(HttpClientOptions options = {});
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // Tries again, after a wait that doubles and is drawn by chance, where the connection fails, the body is
  // not whole, or the status is 408, 429 or 5xx; the last answer is returned whatever its status. Throws
  // HttpClientOptions::unreachable where there is none; kTls, at once, where one side does not trust the
  // other's certificate; kStopped where the program is asked to stop meanwhile.
  HttpAnswer send(const HttpCall& call);
  // The wait before the attempt after number `attempt`, which got this answer, for who tries again by
  // himself. Throws kStopped.
  void wait_after(std::uint32_t attempt, const HttpAnswer& answer = {}) const;

 private:
  HttpClientOptions options_;
  std::unique_ptr<class CurlHandle> handle_;
};

}  // namespace millrace
