#include <boost/beast/core/string.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "net/http.hpp"

namespace millrace {

namespace {

template <class Headers>
std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (boost::beast::iequals({key.data(), key.size()}, {name.data(), name.size()})) return value;
  }
  return {};
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  return find_header(headers, name);
}

std::string_view HttpResponse::header(std::string_view name) const {
  return find_header(headers, name);
}

void HttpResponse::clear() {
  status = 200;
  content_type = "application/json";
  body.clear();
  headers.clear();
}

HttpResponse error_response(const HttpRequest& request, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (...) {
    const Error error = current_error();
    if (error.code() == ExitCode::kUsage) return error_response(400, error.message());
    log_error("{} {}: {}", request.method, request.target, error.message());
    return error_response(500, error.message());
  }
}

HttpHandler answering(std::function<HttpResponse(const HttpRequest&)> answer) {
  return [answer = std::move(answer)](HttpExchange& exchange) {
    exchange.response = answer(exchange.request);
    exchange.send();
  };
}

}  // namespace millrace
