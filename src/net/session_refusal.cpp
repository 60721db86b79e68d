// What does not reach the handler, and what its client is told.
#include <cmath>

#include <boost/asio/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/core.h>

#include "net/session.hpp"

namespace millrace {

namespace {

namespace http = boost::beast::http;

}  // namespace

// False where it has been refused.
bool HttpSession::is_admitted() {
  if (sessions_.options().rate > 0 && !keeps_rate()) return false;
  const std::string_view expected = reader_.expect();
  if (!expected.empty() && !boost::beast::iequals({expected.data(), expected.size()}, "100-continue")) {
    refuse(Refusal::kMalformed, 417, fmt::format("cannot do what 'Expect: {}' asks for", expected));
    return false;
  }
  if (!reader_.has_body()) return true;
  counted_ = sessions_.begin_request();
  if (!counted_) refuse(Refusal::kBusy, 503, "the server is busy; try again later", kBusySeconds);
  return counted_;
}

bool HttpSession::keeps_rate() {
  const double delay = sessions_.delay_of(address_);
  if (delay <= 0) return true;
  refuse(Refusal::kRate, 429,
         fmt::format("more than {} requests a second from {}", sessions_.options().rate, exchange_.client),
         delay);
  return false;
}

// Where the client has left, nobody is there to be told.
void HttpSession::on_failed_read(ErrorCode failure) {
  if (late_ && failure == boost::asio::error::operation_aborted)
    refuse(Refusal::kSlow, 408, describe_slowness());
}

void HttpSession::on_bad_request(ErrorCode failure) {
  const HttpServerOptions& options = sessions_.options();
  if (failure == http::error::body_limit) {
    refuse(Refusal::kLarge, 413,
           fmt::format("the request's body is over the limit of {} bytes", options.body_limit));
  } else if (failure == http::error::header_limit) {
    refuse(Refusal::kLarge, 431,
           fmt::format("the request's header is over the limit of {} bytes", options.header_limit));
  } else {
    refuse(Refusal::kMalformed, 400, "malformed HTTP request: " + failure.message());
  }
}

std::string HttpSession::describe_slowness() const {
  const HttpServerOptions& options = sessions_.options();
  if (!reader_.has_header())
    return fmt::format("the request's header did not arrive within {} s", options.header_seconds);
  if (Clock::now() >= after(body_began_, options.body_seconds))
    return fmt::format("the request's body did not arrive within {} s", options.body_seconds);
  return fmt::format("the request's body came at less than {} bytes a second", options.body_rate);
}

void HttpSession::refuse(Refusal reason, int status, const std::string& message, double retry_after_seconds) {
  sessions_.count(reason);
  exchange_.response = error_response(status, message);
  exchange_.note.clear();
  if (retry_after_seconds > 0) {
    exchange_.response.headers.emplace_back("Retry-After",
                                            fmt::format("{:.0f}", std::ceil(retry_after_seconds)));
  }
  write(exchange_.response, false);
}

}  // namespace millrace
