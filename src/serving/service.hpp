// From an HTTP request to its answer. Thread-safe; no sockets here.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/rotating_log.hpp"
#include "net/http.hpp"
#include "serving/authorization.hpp"
#include "serving/background.hpp"
#include "serving/calls/scoring.hpp"
#include "serving/models/model_repository.hpp"
#include "serving/routes.hpp"

namespace millrace {

// All of them outlive the service.
struct ServiceParts {
  ModelRepository& repository;
  Scoring& scoring;
  Background& background;
  const Metrics& metrics;
  const Authorization& authorization;
  std::shared_ptr<const HttpCounters> http;
  const RotatingLog* request_log = nullptr;  // for its counters
  std::size_t admin_listener = 0;            // by which alone changes come; 0: by any
  const ScoringDevice* device = nullptr;     // for its counts
};

class Service {
 public:
  explicit Service(const ServiceParts& parts);

  void set_address(std::string address) { address_ = std::move(address); }  // before it is asked

  // Answers now or later. Throws kUsage where the request is wrong, and then has not sent.
  void answer(HttpExchange& exchange) const;

 private:
  [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& request, const Route& route) const;
  [[nodiscard]] HttpResponse answer_server(Resource resource) const;
  [[nodiscard]] HttpResponse answer_model(const Route& route, const Served& served) const;
  void answer_named(const Route& route, HttpExchange& exchange) const;
  void change_repository(const Route& route, HttpExchange& exchange) const;
  [[nodiscard]] HttpResponse no_such_model(const Route& route) const;

  ServiceParts parts_;
  std::string started_;
  std::string address_;
};

}  // namespace millrace
