// Requests to servers that others run, over libcurl: with limits of time, and with attempts after failures
// that pass. net/ has the client of our own server; this one is for object stores and web servers.
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

#include "config/pipeline_config.hpp"

namespace millrace::remote {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Bytes of a body, from this offset in it; after a failed attempt it begins at 0 again. May throw.
using BodySink = std::function<void(std::uint64_t offset, std::string_view bytes)>;

struct Request {
  std::string url;
  std::string name;  // what messages call it
  std::string method = "GET";
  std::string body = {};       // sent along, unless it is empty
  std::string body_file = {};  // or what is in this file
  // Whether doing it twice is as good as once. Where not, a request that may have reached the server is not
  // sent again.
  bool repeatable = true;
  std::function<Headers()> headers = {};            // made for each attempt anew: signatures expire
  bool follow = false;                              // redirects
  std::size_t body_limit = std::size_t{16} << 20U;  // of Answer::body; what is longer is cut off
  // The body of an answer with this status goes here, and has `bytes` bytes where that is known.
  int sink_status = 0;
  BodySink sink = {};
  std::optional<std::uint64_t> bytes = {};
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // unless it went to the sink
  std::uint64_t received = 0;                  // bytes that went to the sink

  [[nodiscard]] std::string header(const std::string& name) const;  // "" where there is none
};

// Keeps its connection. For one thread.
class HttpClient {
 public:
  explicit HttpClient(const TransferConfig& config);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // Tries again, after a wait that doubles and is drawn by chance, where the connection fails, the body is
  // not whole, or the status is 408, 429 or 5xx; the last answer is returned whatever its status. Throws
  // kUnreachableSource where there is none, at once where trying again does not help (a certificate that is
  // not trusted); kStopped where the program is asked to stop meanwhile.
  Answer send(const Request& request);
  // The wait before the attempt after number `attempt`, for who tries again by himself. Throws kStopped.
  void wait_after(std::uint32_t attempt) const;

 private:
  struct Handle;
  TransferConfig config_;
  std::unique_ptr<Handle> handle_;
};

// For messages: without a password, a query (which may be a signature) and a fragment.
std::string shown_address(const std::string& url);

}  // namespace millrace::remote
