// Bytes on a connection, through a real socket: the server answers or closes, never with a fault of its own,
// and goes on serving.
#include "fuzz/harness.hpp"
#include "net/running_server.hpp"

namespace millrace::fuzzing {

namespace {

using testing_support::RawConnection;
using testing_support::RunningServer;

const RunningServer& server() {
  static const RunningServer kServer(testing_support::echo, {.body_limit = 4096, .header_limit = 1024});
  return kServer;
}

}  // namespace

void fuzz(const std::string& input) {
  RawConnection client(server().port());
  require(client.connected(), "the server accepts nothing");
  (void)client.send(input);  // it may be refused before all is sent
  client.end_sending();
  const std::string answer = client.read_all();
  require(answer.empty() || answer.starts_with("HTTP/1."), "this is no answer", answer);
  require(!answer.starts_with("HTTP/1.1 5"), "a fault of the server", answer);
  client.vanish();  // leaves no port waiting
}

}  // namespace millrace::fuzzing
