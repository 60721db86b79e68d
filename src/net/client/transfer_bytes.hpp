// What one attempt at a call sends and receives, piece by piece as libcurl wants it. Internal to net/client/.
#pragma once

#include <exception>
#include <optional>

#include "base/file.hpp"
#include "net/client/curl_handle.hpp"
#include "net/client/http_client.hpp"

namespace millrace {

class TransferBytes {
 public:
  // Throws kMissingFile for HttpCall::body_file. `call` must outlive it.
  explicit TransferBytes(const HttpCall& call);

  // Sets the options of `curl` that lead here: neither may move until it has performed.
  void attach(CurlHandle& curl);

  [[nodiscard]] bool sinks() const { return call_.sink && answer.status == call_.sink_status; }
  // What a callback threw.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  HttpAnswer answer;
  bool cut = false;  // more came than was wanted

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_room(char* to, std::size_t size, std::size_t count, void* self);
  static int on_rewind(void* self, curl_off_t offset, int origin);

  void take_header(std::string_view line);
  void take_body(std::string_view bytes);
  void take_for_sink(std::string_view bytes);
  void attach_body(CurlHandle& curl);

  const HttpCall& call_;
  const CurlHandle* curl_ = nullptr;
  std::optional<ReadableFile> file_;  // that is sent
  std::uint64_t sent_ = 0;            // of its bytes
  std::exception_ptr failure_;
};

}  // namespace millrace
