// A service over the tiny model, deployed at the endpoint "front" of a workspace of its own; without sockets.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <string>

#include "serving/service.hpp"
#include "storage/objects.hpp"
#include "support/temporary_folder.hpp"
#include "tiny_artifact.hpp"

namespace millrace::testing_support {

// An exchange whose answer can be waited for.
class TestExchange final : public HttpExchange {
 public:
  TestExchange(std::string_view method, std::string_view target, std::string_view body,
               std::span<const HttpHeader> headers = {}) {
    request = {.method = method, .target = target, .body = body, .headers = headers};
  }
  void send() override { sent_.set_value(); }
  HttpResponse wait() {
    sent_.get_future().wait();
    return std::move(response);
  }

 private:
  std::promise<void> sent_;
};

// A workspace with endpoints that artifacts are put at.
class TinyWorkspace {
 public:
  TinyWorkspace() { workspace.prepare(); }

  [[nodiscard]] Digest put(const Artifact& artifact) const {
    PendingFile file(workspace.temporary_folder() + "/artifact");
    write_artifact(file.temporary_path(), artifact);
    return workspace.put_object(file);
  }
  [[nodiscard]] Deployed deployed(const Artifact& artifact) const {
    return {artifact.model, artifact.version, put(artifact), "2026-01-01T00:00:00Z"};
  }
  // Whatever the state is.
  void publish(EndpointState state) {
    state.generation = ++generation_;
    write_endpoint(workspace.root(), state);
  }
  void deploy(const Artifact& artifact) {
    publish({.endpoint = "front",
             .generation = 0,
             .current = deployed(artifact),
             .previous = {},
             .candidate = {}});
  }

  TemporaryFolder folder;
  Workspace workspace{folder / "workspace"};

 private:
  std::uint64_t generation_ = 0;
};

class TinyService {
 public:
  explicit TinyService(Task task = Task::kBinary, ScoringOptions options = {}, RequestLog* log = nullptr,
                       ScoringDevice* device = nullptr)
      : artifact(tiny_artifact(task)),
        repository(place.workspace.root(), metrics, device),
        scoring(options, log),
        service({repository, scoring, background, metrics, authorization, http, nullptr, 0, device}) {
    place.deploy(artifact);
    repository.follow("front");
  }

  [[nodiscard]] HttpResponse ask(const std::string& method, const std::string& target, std::string_view body,
                                 std::span<const HttpHeader> headers = {}) const {
    TestExchange exchange(method, target, body, headers);
    service.answer(exchange);
    return exchange.wait();
  }
  [[nodiscard]] HttpResponse get(const std::string& target) const { return ask("GET", target, ""); }
  [[nodiscard]] HttpResponse post(const std::string& target, std::string_view body,
                                  std::span<const HttpHeader> headers = {}) const {
    return ask("POST", target, body, headers);
  }
  [[nodiscard]] Json infer(const std::string& body) const {
    return Json::parse(post("/v2/models/churn/infer", body).body);
  }
  [[nodiscard]] Json predict_rows(const std::string& body) const {
    return Json::parse(post("/v2/models/churn/predict", body).body);
  }
  // Takes over what has been published at the endpoint.
  void look() { repository.look(); }
  [[nodiscard]] std::shared_ptr<const Served> served() const { return repository.catalog()->find("front"); }

  TinyWorkspace place;
  Artifact artifact;
  Metrics metrics;
  ModelRepository repository;
  Scoring scoring;
  Background background{std::chrono::hours(1), [] {}};
  Authorization authorization{{}, {digest_of("an admin's token")}};
  std::shared_ptr<HttpCounters> http = std::make_shared<HttpCounters>();
  Service service;
};

// The message of the usage error that a request leads to; "" where it is answered.
inline std::string refusal_of(const TinyService& service, const std::string& target,
                              const std::string& body) {
  try {
    const HttpResponse answer = service.post(target, body);
    if (answer.status == 200) return "";
    const std::string message = Json::parse(answer.body).at("error");
    return answer.status == 400 ? message : "no usage error: " + message;
  } catch (const Error& error) {
    return error.code() == ExitCode::kUsage ? error.message() : "no usage error: " + error.message();
  }
}

// An infer request with the two full golden rows. `replaced` takes the place of one input.
inline Json two_rows(const Json& replaced = Json::object()) {
  Json request = Json::parse(R"({"id": "q-1", "inputs": [
    {"name": "tenure", "datatype": "INT64", "shape": [2], "data": [5, 61]},
    {"name": "charges", "datatype": "FP64", "shape": [2], "data": [70.35, 20]},
    {"name": "senior", "datatype": "BOOL", "shape": [2], "data": [false, true]},
    {"name": "contract", "datatype": "BYTES", "shape": [2], "data": ["Month-to-month", "Two year"]},
    {"name": "signup", "datatype": "BYTES", "shape": [2], "data": ["2021-03-04", "2016-02-29"]},
    {"name": "seen", "datatype": "BYTES", "shape": [2], "data": ["2021-05-06T07:08:09Z", "2021-05-06T07:08:09.5Z"]}]})");
  for (Json& input : request["inputs"]) {
    if (input["name"] == replaced.value("name", "")) input.update(replaced);
  }
  return request;
}

}  // namespace millrace::testing_support
