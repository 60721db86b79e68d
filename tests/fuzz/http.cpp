// Bytes on a connection. What the reader finds in them does not depend on the pieces they come in. Through a
// real socket: the server answers or closes, never with a fault of its own, and goes on serving.
#include <random>

#include "base/digest.hpp"
#include "fuzz/harness.hpp"
#include "net/pieces.hpp"
#include "net/running_server.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::fuzzing {

namespace {

using testing_support::RawConnection;
using testing_support::RunningServer;
using testing_support::TemporaryFolder;

// A socket of the file system: thousands of connections a second would run out of ports.
class SmallServer {
 public:
  [[nodiscard]] std::string path() const { return folder_ / "socket"; }

 private:
  [[nodiscard]] HttpServerOptions options() const {
    HttpServerOptions options;
    options.host = "unix:" + path();
    options.body_limit = 4096;
    options.header_limit = 1024;
    return options;
  }

  TemporaryFolder folder_;
  RunningServer server_{testing_support::echo, options()};
};

const SmallServer& server() {
  static const SmallServer kServer;
  return kServer;
}

// Short inputs, which reach no limit: whether one is reached may depend on how much arrives at once. So may
// whether a header that does not end is known to be malformed; what was whole before that may not.
void check_borders(const std::string& input) {
  if (input.size() > 1000) return;
  std::mt19937_64 random(xxh3(input));
  const std::size_t most = 1 + random() % 50;
  const auto whole = testing_support::read_pieces(input, [] { return std::string::npos; });
  const auto cut = testing_support::read_pieces(input, [&] { return 1 + random() % most; });
  require(whole.requests == cut.requests, "pieces make a difference", input);
}

}  // namespace

void fuzz(const std::string& input) {
  check_borders(input);
  RawConnection client(server().path());
  require(client.connected(), "the server accepts nothing");
  (void)client.send(input);  // it may be refused before all is sent
  client.end_sending();
  const std::string answer = client.read_all();
  require(answer.empty() || answer.starts_with("HTTP/1."), "this is no answer", answer);
  require(!answer.starts_with("HTTP/1.1 5"), "a fault of the server", answer);
}

}  // namespace millrace::fuzzing
