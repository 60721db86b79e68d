// Several addresses, sockets in the file system, many idle connections, threads on cores.
#include <deque>
#include <filesystem>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::echo;
using testing_support::eventually;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::RunningServer;
using testing_support::TemporaryFolder;

HttpResponse tell_listener(const HttpRequest& request) {
  return {.body = fmt::format("{} from {}", request.listener, request.client)};
}

std::string ask_socket(const std::string& path) {
  RawConnection client(path);
  return client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n") ? client.read_all() : "none";
}

TEST(Listener, RequestsTellByWhichAddressTheyCame) {
  const RunningServer server(tell_listener, {.listeners = {{}, {}}, .threads = 2});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(http_request("GET", "http://" + server.address(i) + "/").body,
              fmt::format("{} from 127.0.0.1", i));
  }
  EXPECT_NE(server.port(0), server.port(1));
  EXPECT_NE(server.port(1), server.port(2));
}

TEST(Listener, StopClosesAllAddresses) {
  RunningServer server(tell_listener, {.listeners = {{}}});
  const std::uint16_t second = server.port(1);
  EXPECT_TRUE(RawConnection(second).connected());
  server.stop();
  EXPECT_TRUE(
      eventually([&] { return !RawConnection(second).connected() || RawConnection(second).at_end(); }));
}

TEST(Listener, SocketsOfTheFileSystemAreTheirOwnersAlone) {
  const TemporaryFolder folder;
  const std::string path = folder / "socket";
  for (int start = 0; start < 2; ++start) {
    RunningServer server(tell_listener, {.listeners = {{.host = "unix:" + path}}});
    EXPECT_EQ(server.address(1), "unix:" + path);
    EXPECT_TRUE(ask_socket(path).ends_with("1 from unix"));
    EXPECT_EQ(static_cast<unsigned>(std::filesystem::status(path).permissions()) & 077U, 0U);
  }
}

TEST(Listener, ASocketThatIsInUseIsLeftAlone) {
  const TemporaryFolder folder;
  const HttpServerOptions options{.host = "unix:" + folder / "socket"};
  const RunningServer server(tell_listener, options);
  for (const std::string& path :
       {folder / "socket", folder / std::string(200, 'x'), folder / "no/such/socket"}) {
    try {
      const HttpServer second({.host = "unix:" + path}, answering(echo));
      ADD_FAILURE() << path;
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kCannotListen);
      EXPECT_NE(error.message().find(path), std::string::npos) << error.message();
    }
  }
  EXPECT_TRUE(ask_socket(folder / "socket").ends_with("0 from unix"));
}

// As many as this process may open: both ends are its own.
TEST(Listener, ThousandsOfIdleConnectionsAreHeld) {
  constexpr rlim_t kWanted = 10000;
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlimit before = files;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 2 * kWanted + 1000);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  const std::size_t count = std::min<std::size_t>(kWanted, (files.rlim_cur - 800) / 2);
  {
    const RunningServer server(echo, {.threads = 2, .connections = kWanted + 10});
    std::deque<RawConnection> idle;
    for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(idle.emplace_back(server.port()).connected()) << i;
    EXPECT_TRUE(eventually([&] { return server.counters().connections == count; }));
    EXPECT_EQ(http_request("GET", server.url("/alive")).body, "GET /alive ");
    for (std::size_t i = 0; i < count; i += count / 10) {
      ASSERT_TRUE(idle[i].send("GET /late HTTP/1.1\r\n\r\n"));
      EXPECT_TRUE(idle[i].read_until("GET /late ").ends_with("GET /late "));
    }
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Listener, ThreadsRunOnTheirCores) {
  cpu_set_t allowed;
  ASSERT_EQ(::sched_getaffinity(0, sizeof(allowed), &allowed), 0);
  std::uint32_t last = 0;
  for (std::uint32_t core = 0; core < CPU_SETSIZE; ++core) last = CPU_ISSET(core, &allowed) ? core : last;
  const RunningServer server(
      [](const HttpRequest&) { return HttpResponse{.body = std::to_string(::sched_getcpu())}; },
      {.threads = 3, .cores = {last}});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(http_request("GET", server.url("/")).body, std::to_string(last));
  try {
    const HttpServer nowhere({.cores = {100000}}, answering(echo));
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kCommandLine);
  }
}

}  // namespace
}  // namespace millrace
