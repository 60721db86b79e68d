// An MLflow tracking server, through its REST API ("REST API", MLflow's documentation): requests in JSON,
// with attempts after failures that pass, and its refusals in words. For one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/json.hpp"
#include "config/secret.hpp"
#include "net/client/http_client.hpp"

namespace millrace::mlflow {

class Server {
 public:
  // `uri`: http(s)://HOST[:PORT][/PATH], as MLFLOW_TRACKING_URI has it. Without a token the server is told
  // what MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, hold, as MLflow's
  // own client does. Asks for the version: throws kNoMlflow where the address is none, or the server is none
  // of MLflow's or older than 2.3 (the first with aliases), kUnreachableSource where there is no answer,
  // kRefusedByMlflow where it wants another token.
  Server(std::string uri, const std::optional<Secret>& token);

  // Of the API's path: "runs/search". Each throws kRefusedByMlflow with the server's words for a status of
  // 400 or above, kNoMlflow for an answer that is no JSON object. Doing it twice must be as good as once.
  Json get(const std::string& endpoint, const HttpHeaders& query);
  Json send(const std::string& method, const std::string& endpoint, const Json& body);
  Json post(const std::string& endpoint, const Json& body) { return send("POST", endpoint, body); }
  // Nothing where the server has no such thing.
  std::optional<Json> find(const std::string& endpoint, const HttpHeaders& query);
  // What `find` finds, or else what a POST makes. A POST whose answer is lost may have been done: it is only
  // sent again where there is still nothing to be found.
  Json find_or_create(const std::function<std::optional<Json>()>& find, const std::string& endpoint,
                      const Json& body);
  // The file's bytes, as the artifact of this path behind the server's artifact root.
  void upload(const std::string& artifact, const std::string& file);

  [[nodiscard]] const std::string& shown() const { return shown_; }  // for messages

 private:
  [[nodiscard]] HttpCall request(const std::string& method, const std::string& path) const;
  [[nodiscard]] Json checked(const HttpCall& request, const HttpAnswer& answer) const;
  [[nodiscard]] Error refused(const HttpCall& request, const HttpAnswer& answer) const;
  void check_version();
  // Nothing where it may have been done, or another attempt may help.
  std::optional<Json> create(const std::string& endpoint, const Json& body, bool is_last);

  std::string uri_;
  std::string shown_;
  std::string authorization_;  // the header's value; "" without
  HttpClient client_;
};

}  // namespace millrace::mlflow
