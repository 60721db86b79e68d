#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>

#include <boost/asio/post.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "net/door.hpp"
#include "net/http.hpp"
#include "net/session.hpp"
#include "net/workers.hpp"

namespace millrace {

namespace {

constexpr std::chrono::seconds kDrainLimit{10};
constexpr std::chrono::milliseconds kPollInterval{100};
constexpr int kPollsPerTick = 10;

}  // namespace

struct HttpServer::Impl {
  Impl(HttpServerOptions options, HttpHandler handler);

  void run(const std::function<void()>& tick);
  void keep_watch(const std::function<void()>& tick);
  void look_after();
  void drain();
  void ask_to_stop(std::exception_ptr reason);

  Sessions sessions;  // outlives the sessions that `workers` hold
  Workers workers;
  std::optional<TlsCertificates> certificates;
  std::deque<Door> doors;

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::exception_ptr fault;
};

HttpServer::Impl::Impl(HttpServerOptions options, HttpHandler handler)
    : sessions(std::move(options), std::move(handler)),
      workers(sessions.options().threads, sessions.options().cores) {
  const HttpServerOptions& given = sessions.options();
  const bool tls = !given.tls.certificate.empty();
  if (tls) certificates.emplace(given.tls);
  std::vector<HttpListener> listeners{{.host = given.host, .port = given.port, .tls = tls}};
  listeners.insert(listeners.end(), given.listeners.begin(), given.listeners.end());
  for (const HttpListener& where : listeners) {
    if (where.tls && !tls) throw usage_error("TLS needs a certificate");
    doors.emplace_back(where, doors.size(), workers, sessions, certificates ? &*certificates : nullptr);
  }
}

void HttpServer::Impl::ask_to_stop(std::exception_ptr reason) {
  const std::lock_guard lock(mutex);
  stopping = true;
  if (!fault) fault = std::move(reason);
  changed.notify_all();
}

void HttpServer::Impl::keep_watch(const std::function<void()>& tick) {
  for (int polls = 1;; ++polls) {
    {
      std::unique_lock lock(mutex);
      if (changed.wait_for(lock, kPollInterval, [this] { return stopping; })) return;
    }
    if (stop_requested()) return;
    if (polls % kPollsPerTick != 0) continue;
    look_after();
    if (tick) tick();
  }
}

void HttpServer::Impl::look_after() {
  if (certificates) certificates->refresh();
  if (const AccessLog* log = sessions.access_log())
    sessions.options().counters->log_lines_lost = log->dropped();
}

// Threads end where connections are accepted: none is being made meanwhile, for a thread that has ended.
void HttpServer::Impl::drain() {
  sessions.begin_drain();
  boost::asio::post(workers.first(), [this] {
    for (Door& door : doors) door.close();
    sessions.end_idle();
    workers.let_end();
  });
  if (!workers.finish(kDrainLimit)) {
    log_warning("not all requests were answered within {} s of the stop; dropping the rest",
                kDrainLimit.count());
  }
}

void HttpServer::Impl::run(const std::function<void()>& tick) {
  for (Door& door : doors) door.open();
  try {
    workers.start([this](std::exception_ptr failure) { ask_to_stop(std::move(failure)); });
    keep_watch(tick);
    if (tick) tick();
  } catch (...) {
    ask_to_stop(std::current_exception());
  }
  drain();
  const std::lock_guard lock(mutex);  // stop() may come again
  if (fault) std::rethrow_exception(fault);
}

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port(std::size_t listener) const {
  return impl_->doors.at(listener).port();
}

std::string HttpServer::address(std::size_t listener) const {
  return impl_->doors.at(listener).address();
}

void HttpServer::run(const std::function<void()>& tick) {
  impl_->run(tick);
}

void HttpServer::stop() {
  impl_->ask_to_stop(nullptr);
}

}  // namespace millrace
