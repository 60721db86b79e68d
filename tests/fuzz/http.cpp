// Bytes on a connection, through a real socket: the server answers or closes, never with a fault of its own,
// and goes on serving.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "net/running_server.hpp"

namespace {

using millrace::testing_support::RawConnection;
using millrace::testing_support::RunningServer;

const RunningServer& server() {
  static const RunningServer kServer(millrace::testing_support::echo,
                                     {.body_limit = 4096, .header_limit = 1024});
  return kServer;
}

void fail(const char* what, const std::string& answer) {
  std::fprintf(stderr, "%s: %s\n", what, answer.substr(0, 1000).c_str());
  std::abort();
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {  // NOLINT(readability-identifier-naming)
  RawConnection client(server().port());
  if (!client.connected()) fail("the server accepts nothing", "");
  (void)client.send({reinterpret_cast<const char*>(data), size});  // it may be refused before all is sent
  client.end_sending();
  const std::string answer = client.read_all();
  if (!answer.empty() && !answer.starts_with("HTTP/1.")) fail("this is no answer", answer);
  if (answer.find("HTTP/1.1 5") == 0) fail("a fault of the server", answer);
  client.vanish();  // leaves no port waiting
  return 0;
}
