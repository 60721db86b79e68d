// One attempt at a call. Internal to net/client/.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/client/curl_handle.hpp"
#include "net/client/http_client.hpp"
#include "net/client/transfer_bytes.hpp"

namespace millrace {

struct Trouble {
  std::string words;
  Topic topic;
  bool passes;  // perhaps
};

class Transfer {
 public:
  // The references must outlive it. `seconds` for the whole answer; 0: any. Throws kMissingFile for
  // HttpCall::body_file.
  Transfer(CurlHandle& curl, const HttpClientOptions& options, const HttpCall& call, double seconds);

  // What went wrong; nothing where there is an answer. Throws what the call's functions throw.
  std::optional<Trouble> perform();
  [[nodiscard]] HttpAnswer& answer() { return bytes_.answer; }

 private:
  void set_request();
  void set_headers();
  void set_limits();
  void set_trust();
  [[nodiscard]] Trouble trouble_of(CURLcode code) const;
  [[nodiscard]] std::optional<Trouble> trouble_of_body() const;
  // Whether the server may have wanted the client's certificate. With TLS 1.3 it says so after the handshake,
  // or the end of the connection overtakes what it says.
  [[nodiscard]] bool lacks_certificate(CURLcode code) const;

  CurlHandle& curl_;
  const HttpClientOptions& options_;
  const HttpCall& call_;
  double seconds_;
  TransferBytes bytes_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr, curl_slist_free_all};
};

}  // namespace millrace
