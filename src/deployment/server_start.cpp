#include "deployment/server_start.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "deployment/arms.hpp"
#include "deployment/server_job.hpp"

namespace millrace {

namespace {

ServerStartWorld complete(ServerStartWorld world, const std::string& root, const std::string& endpoint) {
  if (!world.answers) world.answers = [root, endpoint] { return ask_arms(root, endpoint).has_value(); };
  if (!world.submit) world.submit = [root, endpoint] { return submit_server(root, endpoint); };
  if (!world.seconds) world.seconds = [watch = Stopwatch()] { return watch.seconds(); };
  return world;
}

}  // namespace

ServerStart::ServerStart(const std::string& workspace_root, std::string endpoint, double patience,
                         ServerStartWorld world)
    : endpoint_(std::move(endpoint)),
      patience_(patience),
      world_(complete(std::move(world), workspace_root, endpoint_)) {}

bool ServerStart::look() {
  if (world_.answers()) {
    if (submitted_) log_info("endpoint {}: its server answers", endpoint_);
    return true;
  }
  if (!submitted_) return !submit();
  if (world_.seconds() - *submitted_ <= patience_) return false;
  log_warning("endpoint '{}' has no server: its job has not come to answer within {} (squeue shows it)",
              endpoint_, human_seconds(patience_));
  return true;
}

bool ServerStart::submit() {
  try {
    const auto job = world_.submit();
    log_info("endpoint {}: {}", endpoint_,
             job ? "its server is job " + *job : "its server's job waits or runs already");
    submitted_ = world_.seconds();
    return true;
  } catch (const Error& error) {
    log_warning("endpoint '{}' has no server: {}", endpoint_, error.message());
    return false;
  }
}

}  // namespace millrace
