#include "net/sessions.hpp"

#include <memory>
#include <vector>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "net/descriptors.hpp"
#include "net/session.hpp"

namespace millrace {

namespace {

void check_positive(double value, const char* name) {
  if (!(value > 0 && value <= 1e6)) {
    throw Error(Topic::kCommandLine, "{} must be above 0 and at most 1,000,000, not {}", name, value);
  }
}

HttpServerOptions checked(HttpServerOptions options) {
  if (options.threads == 0) throw Error(Topic::kCommandLine, "a server needs at least one thread");
  // Also what a negative number in a command line becomes.
  if (options.threads > 1024)
    throw Error(Topic::kCommandLine, "a server has at most 1024 threads, not {}", options.threads);
  check_positive(options.connections, "the number of connections");
  check_positive(options.in_flight, "the number of requests in flight");
  if (options.body_limit > std::uint64_t{1} << 40U)
    throw Error(Topic::kCommandLine, "the limit on a body's bytes is at most 2^40");
  check_positive(options.header_limit, "the limit on a header's bytes");
  check_positive(options.header_seconds, "the time for a header");
  check_positive(options.body_seconds, "the time for a body");
  check_positive(options.body_rate, "the rate of a body");
  check_positive(options.idle_seconds, "the time for idle connections");
  if (options.rate != 0) check_positive(options.rate, "the rate");
  options.connections = make_room_for_connections(options.connections);
  return options;
}

}  // namespace

Sessions::Sessions(HttpServerOptions options, HttpHandler handler)
    : options_(checked(std::move(options))), handler_(std::move(handler)), buckets_(options_.rate) {
  if (!options_.access_log.path.empty()) access_log_.emplace(options_.access_log);
}

void Sessions::answer(HttpExchange& exchange) const noexcept {
  try {
    handler_(exchange);
  } catch (...) {
    exchange.response = error_response(exchange.request, std::current_exception());
    exchange.send();
  }
}

void Sessions::add(HttpSession* session) {
  const std::lock_guard lock(mutex_);
  sessions_.insert(session);
  options_.counters->connections = sessions_.size();
}

void Sessions::remove(HttpSession* session) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
  options_.counters->connections = sessions_.size();
}

Sessions::Room Sessions::room() {
  const std::lock_guard lock(mutex_);
  if (sessions_.size() < options_.connections) return Room::kFree;
  return sessions_.size() < options_.connections + kTurnedAway ? Room::kFull : Room::kOverrun;
}

bool Sessions::begin_request() {
  if (options_.counters->in_flight.fetch_add(1) < options_.in_flight) return true;
  end_request();
  return false;
}

void Sessions::end_request() {
  options_.counters->in_flight.fetch_sub(1);
}

double Sessions::delay_of(const TokenBuckets::Address& client) {
  const std::lock_guard lock(mutex_);
  return buckets_.take(client_of(client), TokenBuckets::Clock::now());
}

void Sessions::count(Refusal reason) {
  options_.counters->refused.at(static_cast<std::size_t>(reason)).fetch_add(1, std::memory_order_relaxed);
}

void Sessions::end_idle() {
  std::vector<std::shared_ptr<HttpSession>>
      alive;  // released without the lock: the last owner calls remove()
  {
    const std::lock_guard lock(mutex_);
    for (HttpSession* session : sessions_) alive.push_back(session->weak_from_this().lock());
  }
  for (const auto& session : alive) {
    if (session) session->drain();
  }
}

}  // namespace millrace
