#include "serving/server.hpp"

#include <optional>

#include <unistd.h>

#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "serving/endpoint_follower.hpp"
#include "serving/service.hpp"

namespace millrace {

namespace {

// Tells scripts where the server is, and only while it is there.
class AddressFile {
 public:
  explicit AddressFile(std::string path) : path_(std::move(path)) { remove(); }
  ~AddressFile() { remove(); }
  AddressFile(const AddressFile&) = delete;
  AddressFile& operator=(const AddressFile&) = delete;

  void publish(const std::string& address) const {
    if (!path_.empty()) publish_file(path_, address + "\n");
  }

 private:
  void remove() const {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  std::string path_;
};

void check(const ServerOptions& options) {
  const bool follows = !options.workspace.empty() && !options.endpoint.empty();
  const bool half = options.workspace.empty() != options.endpoint.empty();
  if (half || follows == !options.artifact.empty()) {
    throw Error(Topic::kCommandLine,
                "say what to serve: either an artifact file, or a workspace and an endpoint");
  }
  if (options.max_rows == 0) throw usage_error("a request needs room for one row: --max-rows is 0");
}

}  // namespace

void run_server(const ServerOptions& options) {
  check(options);
  const AddressFile address_file(options.address_file);
  Metrics metrics(options.http.counters);
  std::optional<EndpointFollower> follower;
  if (!options.endpoint.empty()) follower.emplace(Workspace(options.workspace), options.endpoint, metrics);
  ModelSlot slot(follower ? follower->load_first() : load_model(options.artifact, metrics));
  const Service service(slot, metrics, options.endpoint, options.max_rows);

  HttpServer server(options.http,
                    answering([&](const HttpRequest& request) { return service.answer(request); }));
  address_file.publish(server.address());
  log_info("serving {} version {} at http://{}", slot.get()->name(), slot.get()->version(), server.address());
  server.run([&] {
    if (follower) follower->follow(slot);
  });
  log_info("stopped serving");
}

}  // namespace millrace
