#include "mlflow/server.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include "base/encodings.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "net/url.hpp"
#include "remote/aws_signature.hpp"
#include "remote/client_options.hpp"

namespace millrace::mlflow {

namespace {

constexpr const char* kApi = "/api/2.0/mlflow/";
constexpr const char* kArtifacts = "/api/2.0/mlflow-artifacts/artifacts/";
constexpr std::array<int, 2> kOldest = {2, 3};
constexpr std::uint32_t kAttempts = 5;  // to make something

std::string checked_uri(std::string uri) {
  while (uri.ends_with('/')) uri.pop_back();
  const bool is_web = uri.starts_with("http://") || uri.starts_with("https://");
  if (!is_web || uri.find_first_of("?#") != std::string::npos || shown_address(uri) != uri) {
    throw Error(
        Topic::kNoMlflow,
        "{} is no address of an MLflow server: write http://HOST:PORT or https://…, without a user, a "
        "password or a query",
        millrace::quoted(shown_address(uri), 200));
  }
  return uri;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string authorization(const std::optional<Secret>& token) {
  if (token) return "Bearer " + token->reveal();
  if (const std::string value = variable("MLFLOW_TRACKING_TOKEN"); !value.empty()) return "Bearer " + value;
  const std::string user = variable("MLFLOW_TRACKING_USERNAME");
  return user.empty() ? "" : "Basic " + base64(user + ":" + variable("MLFLOW_TRACKING_PASSWORD"));
}

// Major and minor of "3.17.2"; nothing for other texts.
std::optional<std::array<int, 2>> parse_version(std::string_view text) {
  std::array<int, 2> parts{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int& part : parts) {
    const auto [behind, error] = std::from_chars(at, end, part);
    if (error != std::errc() || behind == end || *behind != '.') return std::nullopt;
    at = behind + 1;
  }
  return parts;
}

// {"error_code", "message"} of an answer; null where it has none.
Json error_of(const HttpAnswer& answer) {
  Json body = Json::parse(answer.body, nullptr, false);
  return body.is_object() && body.contains("error_code") ? body : Json();
}

bool is_error(const HttpAnswer& answer, const char* code) {
  const Json error = error_of(answer);
  return !error.is_null() && error["error_code"] == code;
}

}  // namespace

Server::Server(std::string uri, const std::optional<Secret>& token)
    : uri_(checked_uri(std::move(uri))),
      shown_(uri_),
      authorization_(authorization(token)),
      client_(remote::client_options({})) {
  check_version();
}

HttpCall Server::request(const std::string& method, const std::string& path) const {
  HttpCall request;
  request.url = uri_ + path;
  request.name = shown_address(request.url);
  request.method = method;
  request.headers = [this] {
    HttpHeaders headers{{"content-type", "application/json"}};
    if (!authorization_.empty()) headers.emplace_back("authorization", authorization_);
    return headers;
  };
  return request;
}

void Server::check_version() {
  const HttpCall asked = request("GET", "/version");
  const HttpAnswer answer = client_.send(asked);
  const auto version = parse_version(answer.body);
  if (answer.status != 200) throw refused(asked, answer);
  if (!version) throw Error(Topic::kNoMlflow, "{} is no MLflow server: it tells no version", shown_);
  if (*version < kOldest) {
    throw Error(Topic::kNoMlflow, "{} is MLflow {}: version {}.{} or newer is needed", shown_,
                trim(answer.body), kOldest[0], kOldest[1]);
  }
}

Error Server::refused(const HttpCall& request, const HttpAnswer& answer) const {
  const Json error = error_of(answer);
  if (answer.status == 401 || answer.status == 403) {
    return Error(Topic::kRefusedByMlflow, "MLflow at {} refuses to be written to ({}): {}", shown_,
                 answer.status,
                 authorization_.empty() ? "it wants to know who asks, and no token is given"
                                        : "the token or password is wrong, or has not the right");
  }
  if (error.is_null() && (answer.status < 400 || answer.status == 404)) {
    return Error(Topic::kNoMlflow, "{} is no MLflow server: '{}' answers {}", shown_, request.name,
                 answer.status);
  }
  const std::string words =
      error.is_null() ? answer.body : error.value("error_code", "") + ": " + error.value("message", "");
  return Error(Topic::kRefusedByMlflow, "MLflow at {} answers {} {} with {}: {}", shown_, request.method,
               request.name.substr(uri_.size()), answer.status, millrace::quoted(words, 500));
}

Json Server::checked(const HttpCall& request, const HttpAnswer& answer) const {
  if (answer.status != 200) throw refused(request, answer);
  Json body = Json::parse(answer.body, nullptr, false);
  if (!body.is_object())
    throw Error(Topic::kNoMlflow, "{} is no MLflow server: '{}' answers no JSON", shown_, request.name);
  return body;
}

Json Server::get(const std::string& endpoint, const HttpHeaders& query) {
  const HttpCall asked = request("GET", kApi + endpoint + "?" + remote::encode_query(query));
  return checked(asked, client_.send(asked));
}

Json Server::send(const std::string& method, const std::string& endpoint, const Json& body) {
  HttpCall asked = request(method, kApi + endpoint);
  asked.body = canonical_json(body);
  return checked(asked, client_.send(asked));
}

std::optional<Json> Server::find(const std::string& endpoint, const HttpHeaders& query) {
  const HttpCall asked = request("GET", kApi + endpoint + "?" + remote::encode_query(query));
  const HttpAnswer answer = client_.send(asked);
  if (is_error(answer, "RESOURCE_DOES_NOT_EXIST")) return std::nullopt;
  return checked(asked, answer);
}

Json Server::find_or_create(const std::function<std::optional<Json>()>& find, const std::string& endpoint,
                            const Json& body) {
  for (std::uint32_t attempt = 1;; ++attempt) {
    if (std::optional<Json> found = find()) return *std::move(found);
    if (std::optional<Json> made = create(endpoint, body, attempt == kAttempts)) return *std::move(made);
    client_.wait_after(attempt);
  }
}

std::optional<Json> Server::create(const std::string& endpoint, const Json& body, bool is_last) {
  HttpCall asked = request("POST", kApi + endpoint);
  asked.body = canonical_json(body);
  asked.repeatable = false;
  try {
    const HttpAnswer answer = client_.send(asked);
    const bool may_pass = answer.status == 429 || answer.status >= 500;
    if (!is_last && (may_pass || is_error(answer, "RESOURCE_ALREADY_EXISTS"))) return std::nullopt;
    return checked(asked, answer);
  } catch (const Error& error) {
    if (is_last || error.topic() != Topic::kUnreachableSource) throw;
    return std::nullopt;
  }
}

void Server::upload(const std::string& artifact, const std::string& file) {
  HttpCall asked = request("PUT", kArtifacts + remote::percent_encode(artifact, true));
  asked.body_file = file;
  const HttpAnswer answer = client_.send(asked);
  if (answer.status != 200) throw refused(asked, answer);
}

}  // namespace millrace::mlflow
