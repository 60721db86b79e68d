// Answers that are made elsewhere: by other threads, later, in another order.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"

namespace millrace {
namespace {

using testing_support::echo;
using testing_support::eventually;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::RunningServer;

// Takes exchanges and answers them on threads of its own, the last one first.
class Elsewhere {
 public:
  explicit Elsewhere(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Elsewhere() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;

  void take(HttpExchange& exchange) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(&exchange);
    changed_.notify_one();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      HttpExchange& exchange = *waiting_.back();
      waiting_.pop_back();
      lock.unlock();
      exchange.response = echo(exchange.request);
      exchange.send();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpExchange*> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

TEST(Exchange, AnswersOfOtherThreadsAreInOrderOnEachConnection) {
  Elsewhere elsewhere(2);
  const RunningServer server([&](HttpExchange& exchange) { elsewhere.take(exchange); }, {.threads = 2});
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < 6; ++c) {
    clients.emplace_back([&, c] {
      RawConnection client(server.port());
      std::string requests;
      for (int i = 0; i < 100; ++i)
        requests += fmt::format("POST /{}/{} HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", c, i);
      if (!client.send(requests)) return;
      for (int i = 0; i < 100; ++i)
        right += client.read_until("body").ends_with(fmt::format("POST /{}/{} body", c, i)) ? 1 : 0;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 600);
}

// Some at once, some elsewhere, as a batcher does.
TEST(Exchange, BothWaysMix) {
  Elsewhere elsewhere(1);
  std::atomic<unsigned> turn = 0;
  const RunningServer server([&](HttpExchange& exchange) {
    if (turn++ % 3 == 0) return elsewhere.take(exchange);
    exchange.response = echo(exchange.request);
    exchange.send();
  });
  RawConnection client(server.port());
  std::string requests;
  for (int i = 0; i < 300; ++i) requests += fmt::format("GET /{}! HTTP/1.1\r\n\r\n", i);
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 300; ++i)
    ASSERT_TRUE(client.read_until("! ").ends_with(fmt::format("GET /{}! ", i))) << i;
}

// One handler answers the exchange of another connection, which it holds, before its own.
TEST(Exchange, AHandlerMayAnswerAnotherConnection) {
  std::atomic<HttpExchange*> held = nullptr;
  const RunningServer server([&](HttpExchange& exchange) {
    if (exchange.request.target == "/hold") {
      held = &exchange;
      return;
    }
    if (HttpExchange* other = held.exchange(nullptr)) {
      other->response = echo(other->request);
      other->send();
    }
    exchange.response = echo(exchange.request);
    exchange.send();
  });
  for (int i = 0; i < 20; ++i) {
    RawConnection first(server.port());
    ASSERT_TRUE(first.send("GET /hold HTTP/1.1\r\nConnection: close\r\n\r\n"));
    ASSERT_TRUE(eventually([&] { return held != nullptr; }));
    EXPECT_EQ(http_request("GET", server.url("/free")).body, "GET /free ");
    EXPECT_TRUE(first.read_all().ends_with("GET /hold "));
  }
}

TEST(Exchange, ClientsThatVanishMeanwhileHarmNobody) {
  Elsewhere elsewhere(1);
  const RunningServer server([&](HttpExchange& exchange) { elsewhere.take(exchange); }, {.threads = 2});
  for (int i = 0; i < 100; ++i) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send("POST /x HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"));
    if (i % 2 == 0) client.vanish();
  }
  EXPECT_EQ(http_request("GET", server.url("/alive")).body, "GET /alive ");
  EXPECT_TRUE(eventually([&] { return server.counters().connections == 0; }));
  EXPECT_EQ(server.counters().in_flight, 0U);
}

TEST(Exchange, StopWaitsForAnswersOfOtherThreads) {
  std::atomic<HttpExchange*> held = nullptr;
  RunningServer server([&](HttpExchange& exchange) { held = &exchange; }, {.threads = 2});
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET /late HTTP/1.1\r\n\r\n"));
  ASSERT_TRUE(eventually([&] { return held != nullptr; }));
  server.ask_to_stop();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  HttpExchange& exchange = *held;
  exchange.response = echo(exchange.request);
  exchange.send();
  EXPECT_TRUE(client.read_all().ends_with("GET /late "));
  server.stop();
}

TEST(Exchange, RequestsShowTheirHeadersAndTheirClient) {
  const RunningServer server([](const HttpRequest& request) {
    return HttpResponse{.body =
                            fmt::format("{}|{}|{}|{}|{}", request.client, request.header("x-ID"),
                                        request.header("missing"), request.headers.size(), request.listener)};
  });
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nConnection: close\r\nX-Id: \t 7 7 \r\nEmpty:\r\n\r\n"));
  EXPECT_TRUE(client.read_all().ends_with("127.0.0.1|7 7||3|0"));
}

TEST(Exchange, HeadersOfAnAnswerHoldNoLineEnds) {
  const RunningServer server([](const HttpRequest&) {
    return HttpResponse{.body = "", .headers = {{"X", "a\r\nInjected: b"}}};
  });
  EXPECT_EQ(http_request("GET", server.url("/")).header("x"), "a  Injected: b");
}

TEST(Exchange, AnswersWithoutContentHaveNone) {
  const RunningServer server([](const HttpRequest&) { return HttpResponse{.status = 204, .body = "lost"}; });
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(client.read_all(), "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

}  // namespace
}  // namespace millrace
