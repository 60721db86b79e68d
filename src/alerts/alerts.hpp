// Who is told of what (docs/alerts.md). An alert is first written to the workspace's outbox, then delivered
// to each channel, in order; what a channel does not take is kept and tried again. Telling people fails no
// work: what goes wrong is a warning. For one thread; under MPI for rank 0.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "alerts/channel.hpp"
#include "alerts/outbox.hpp"
#include "config/alerts_config.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct ChannelOutcome {
  std::string channel;  // its kind
  std::string failure;  // "" where all went well
  std::size_t waiting = 0;
};

class Alerts {
 public:
  // Throws what alert_channels throws: a mistake is found before the work.
  Alerts(const Workspace& workspace, const AlertsConfig& config);

  // note and deliver_at_once.
  void raise(const Alert& alert, const std::string& run = "");
  void resolve(const std::string& cause, const std::string& text);

  // Once per cause and run until it is resolved, and again where the level rises; below alerts.level it is
  // recorded and not sent. Where the outbox cannot be written (the disk may be full) it is kept in this
  // object and sent without a record by the next delivery.
  void note(const Alert& alert, const std::string& run = "");
  // For those that were told.
  void note_resolved(const std::string& cause, const std::string& text);

  // Begins no message after the first ten seconds.
  void deliver_at_once();
  // All that waits for the channels of this configuration, with `moved` also what waits for channels of the
  // same kind at other addresses. Throws kResource where the outbox cannot be read or written.
  std::vector<ChannelOutcome> deliver(bool moved = false);
  // An alert that is not recorded, through each channel.
  std::vector<ChannelOutcome> test();

  AlertOutbox& outbox() { return outbox_; }

 private:
  std::string deliver_to(AlertChannel& channel, const std::string& id, double limit);
  void send_unrecorded();

  AlertOutbox outbox_;
  AlertLevel level_;
  std::vector<std::unique_ptr<AlertChannel>> channels_;
  std::vector<AlertMessage> unrecorded_;
};

}  // namespace millrace
