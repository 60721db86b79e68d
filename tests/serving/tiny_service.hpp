// A service over the tiny model, without sockets.
#pragma once

#include <memory>
#include <string>

#include "serving/service.hpp"
#include "tiny_artifact.hpp"

namespace millrace::testing_support {

class TinyService {
 public:
  explicit TinyService(Task task = Task::kBinary) : artifact(tiny_artifact(task)) {}

  [[nodiscard]] HttpResponse get(const std::string& target) const {
    return service.answer({"GET", target, ""});
  }
  [[nodiscard]] HttpResponse post(const std::string& target, const std::string& body) const {
    return service.answer({"POST", target, body});
  }
  [[nodiscard]] Json infer(const std::string& body) const {
    return Json::parse(post("/v2/models/churn/infer", body).body);
  }
  [[nodiscard]] Json predict_rows(const std::string& body) const {
    return Json::parse(post("/v2/models/churn/predict", body).body);
  }

  Artifact artifact;
  Metrics metrics{std::make_shared<HttpCounters>()};
  ModelSlot slot{std::make_shared<const ServedModel>(artifact, metrics.of("churn", 7))};
  Service service{slot, metrics, "front", 65536};
};

// The message of the usage error that a request leads to; "" where it is answered.
inline std::string refusal_of(const TinyService& service, const std::string& target,
                              const std::string& body) {
  try {
    (void)service.post(target, body);
  } catch (const Error& error) {
    return error.code() == ExitCode::kUsage ? error.message() : "no usage error: " + error.message();
  }
  return "";
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
