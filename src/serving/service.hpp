// From an HTTP request to its answer, for the model in the slot. Thread-safe; no sockets here.
#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"
#include "serving/metrics.hpp"
#include "serving/routes.hpp"
#include "serving/served_model.hpp"

namespace millrace {

class Service {
 public:
  // `endpoint`: a further name that the model answers to; may be empty. The others must outlive the service.
  Service(const ModelSlot& slot, const Metrics& metrics, std::string endpoint, std::size_t max_rows);

  // Throws kUsage where the request is wrong.
  [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;

 private:
  [[nodiscard]] HttpResponse answer_server(Resource resource) const;
  [[nodiscard]] HttpResponse answer_model(const Route& route, const HttpRequest& request) const;
  [[nodiscard]] bool serves(const ServedModel& model, const Route& route) const;
  [[nodiscard]] HttpResponse no_such_model(const ServedModel& model, const Route& route) const;

  const ModelSlot& slot_;
  const Metrics& metrics_;
  std::string endpoint_;
  std::size_t max_rows_;  // in one request
};

}  // namespace millrace
