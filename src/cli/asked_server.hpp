// The running server that `request` and `load` ask: where it is, whom we trust, and who we are.
#pragma once

#include <string>

#include "cli/options.hpp"
#include "net/client/http_client.hpp"
#include "net/client/server_address.hpp"

namespace millrace {

// --address, --endpoint, --timeout, --token-file.
void add_asking_options(po::options_description& options);
// --tls-authorities, --tls-certificate, --tls-key.
void add_trust_options(po::options_description& options);

class AskedServer {
 public:
  // --address; else what a server of --endpoint has published in the workspace; else 127.0.0.1:8080. Throws
  // kUnreachableServer where none has published one, kCommandLine for what is no address, kAccessToken for a
  // file without a token, kTls for files that cannot be read.
  explicit AskedServer(const po::variables_map& values);

  // "HOST:PORT". Throws kCommandLine where it does not speak plain HTTP there.
  [[nodiscard]] std::string plain_address() const;
  [[nodiscard]] const std::string& authorization() const { return authorization_; }  // "" without a token

  // Of a path: "/v2/models/churn". Throw as HttpClient::send().
  HttpAnswer get(const std::string& path);
  HttpAnswer post(const std::string& path, const std::string& json);
  // See HttpClient.
  void wait_after(std::uint32_t attempt, const HttpAnswer& answer) { client_.wait_after(attempt, answer); }

 private:
  HttpAnswer ask(HttpCall call, const std::string& path);

  std::string shown_;
  ServerAddress address_;
  std::string authorization_;
  HttpClient client_;
};

}  // namespace millrace
