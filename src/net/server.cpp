#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/signals.hpp"
#include "net/http.hpp"
#include "net/listener.hpp"
#include "net/session.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kDrainLimit{10};
constexpr std::chrono::milliseconds kPollInterval{100};
constexpr int kPollsPerTick = 10;

}  // namespace

struct HttpServer::Impl {
  Impl(HttpServerOptions options, HttpHandler handler)
      : sessions(std::move(options), std::move(handler)),
        io(static_cast<int>(sessions.options().threads)),
        acceptor(listen_on(io, sessions.options().host, sessions.options().port)),
        retry(acceptor.get_executor()),
        bound_port(acceptor.local_endpoint().port()) {}

  void accept();
  void on_accepted(boost::system::error_code failure, HttpSession::Socket socket);
  void take(HttpSession::Socket socket);
  void serve();
  void run(const std::function<void()>& tick);
  void keep_watch(const std::function<void()>& tick);
  void drain(std::size_t started);
  void ask_to_stop(std::exception_ptr reason);

  Sessions sessions;  // outlives the sessions that `io` holds
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer retry;
  std::uint16_t bound_port;
  bool starved = false;  // could not accept last time

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::size_t finished = 0;  // threads that have nothing left to serve
  std::exception_ptr fault;
};

void HttpServer::Impl::accept() {
  acceptor.async_accept(asio::make_strand(io), [this](auto failure, HttpSession::Socket socket) {
    on_accepted(failure, std::move(socket));
  });
}

void HttpServer::Impl::on_accepted(boost::system::error_code failure, HttpSession::Socket socket) {
  if (!acceptor.is_open()) return;
  if (!failure) {
    starved = false;
    take(std::move(socket));
    return accept();
  }
  if (failure == asio::error::connection_aborted) return accept();
  // Out of descriptors, most likely: they come back as connections end.
  if (!starved) log_warning("cannot accept connections: {}; trying on", failure.message());
  starved = true;
  retry.expires_after(kPollInterval);
  retry.async_wait([this](auto stopped) {
    if (!stopped && acceptor.is_open()) accept();
  });
}

void HttpServer::Impl::take(HttpSession::Socket socket) {
  const auto room = sessions.room();
  if (room == Sessions::Room::kOverrun)
    return sessions.count(Refusal::kConnections);  // and the socket closes
  const auto session = std::make_shared<HttpSession>(std::move(socket), sessions);
  room == Sessions::Room::kFree ? session->start() : session->turn_away();
}

void HttpServer::Impl::serve() {
  try {
    io.run();
  } catch (...) {
    ask_to_stop(std::current_exception());
  }
  const std::lock_guard lock(mutex);
  ++finished;
  changed.notify_all();
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
    if (tick && polls % kPollsPerTick == 0) tick();
  }
}

// Without the acceptor and the sessions the threads run out of work and end by themselves.
void HttpServer::Impl::drain(std::size_t started) {
  asio::post(acceptor.get_executor(), [this] {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    retry.cancel();
  });
  sessions.drain();
  std::unique_lock lock(mutex);
  if (!changed.wait_for(lock, kDrainLimit, [&] { return finished == started; })) {
    log_warning("not all requests were answered within {} s of the stop; dropping the rest",
                kDrainLimit.count());
    io.stop();
  }
}

void HttpServer::Impl::run(const std::function<void()>& tick) {
  accept();
  std::vector<std::jthread> threads;
  try {
    for (std::uint32_t i = 0; i < sessions.options().threads; ++i) threads.emplace_back([this] { serve(); });
    keep_watch(tick);
  } catch (...) {
    ask_to_stop(std::current_exception());
  }
  drain(threads.size());
  threads.clear();  // joins
  if (fault) std::rethrow_exception(fault);
}

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return impl_->bound_port;
}

std::string HttpServer::address() const {
  return host_and_port(impl_->sessions.options().host, std::to_string(impl_->bound_port));
}

void HttpServer::run(const std::function<void()>& tick) {
  impl_->run(tick);
}

void HttpServer::stop() {
  impl_->ask_to_stop(nullptr);
}

}  // namespace millrace
