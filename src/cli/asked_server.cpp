#include "cli/asked_server.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "net/client/bearer_token.hpp"

namespace millrace {

namespace {

constexpr const char* kDefaultAddress = "127.0.0.1:8080";
constexpr std::size_t kAnswerLimit = std::size_t{1} << 30U;

std::string address_of(const po::variables_map& values) {
  if (values.count("address") > 0) return text_of(values, "address");
  if (values.count("endpoint") == 0) return kDefaultAddress;
  const std::string path =
      fmt::format("{}/deploy/{}/address", workspace_of(values), text_of(values, "endpoint"));
  if (path_exists(path)) return std::string(trim(read_file(path)));
  throw Error(Topic::kUnreachableServer,
              "no server of endpoint '{0}' has published its address: there is no {1}; start one (millrace "
              "serve {0}), or give --address",
              text_of(values, "endpoint"), path);
}

HttpClientOptions options_of(const po::variables_map& values, const ServerAddress& address) {
  HttpClientOptions options;
  options.answer_seconds = values["timeout"].as<double>();
  options.socket = address.socket;
  options.trust = {text_of(values, "tls-authorities"), text_of(values, "tls-certificate"),
                   text_of(values, "tls-key")};
  return options;
}

}  // namespace

void add_asking_options(po::options_description& options) {
  options.add_options()  //
      ("address", po::value<std::string>(),
       "HOST:PORT, https://HOST:PORT or unix:PATH of the server (default: 127.0.0.1:8080)")  //
      ("endpoint", po::value<std::string>(),
       "instead: the server that has published its address in WORKSPACE/deploy/ENDPOINT/address")  //
      ("token-file", po::value<std::string>(),
       "a file with the token that the server wants (default: what MILLRACE_TOKEN_FILE names)")  //
      ("timeout", po::value<double>()->default_value(10), "seconds until an answer is given up");
}

void add_trust_options(po::options_description& options) {
  options.add_options()  //
      ("tls-authorities", po::value<std::string>(),
       "PEM: who may have signed the server's certificate (default: the machine's authorities)")  //
      ("tls-certificate", po::value<std::string>(), "PEM: your own, where the server wants one")  //
      ("tls-key", po::value<std::string>(), "PEM: its key; without it in the same file");
}

AskedServer::AskedServer(const po::variables_map& values)
    : shown_(address_of(values)),
      address_(parse_server_address(shown_)),
      authorization_(bearer_authorization(values.count("token-file") > 0 ? text_of(values, "token-file")
                                                                         : token_file())),
      client_(options_of(values, address_)) {}

std::string AskedServer::plain_address() const {
  constexpr std::string_view kPlain = "http://";
  if (address_.socket.empty() && address_.url.starts_with(kPlain)) return address_.url.substr(kPlain.size());
  throw Error(Topic::kCommandLine,
              "a load speaks plain HTTP over TCP, and '{}' does not: give HOST:PORT of a server without TLS",
              shown_);
}

HttpAnswer AskedServer::get(const std::string& path) {
  return ask({}, path);
}

HttpAnswer AskedServer::post(const std::string& path, const std::string& json) {
  HttpCall call;
  call.method = "POST";
  call.body = json;
  return ask(std::move(call), path);
}

HttpAnswer AskedServer::ask(HttpCall call, const std::string& path) {
  call.url = address_.url + path;
  call.name = shown_;
  call.body_limit = kAnswerLimit;
  call.headers = [this] {
    HttpHeaders headers{{"Content-Type", "application/json"}};
    if (!authorization_.empty()) headers.emplace_back("Authorization", authorization_);
    return headers;
  };
  return client_.send(call);
}

}  // namespace millrace
