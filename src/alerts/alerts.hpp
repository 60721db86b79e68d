// Who is told of what (docs/alerts.md). An alert is first written to the workspace's outbox, then delivered
// to each channel, in order; what a channel does not take is kept and tried again, what it refuses is set
// aside. Telling people fails no work: what goes wrong is a warning. For one thread; under MPI for rank 0.
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
  std::string failure;  // why the first that waits does; "" where all went well
  std::string refusal;  // of a message that was set aside now; "" for none
  std::size_t waiting = 0;
  std::size_t refused = 0;  // that are set aside, since whenever
};

// What a delivery takes up beyond what waits.
struct DeliverOptions {
  bool moved = false;    // also what waits for channels of the same kind at other addresses
  bool refused = false;  // also what was refused
  bool now = false;      // also where the pause after a failure is not over
};

class Alerts {
 public:
  // Throws what alert_channels throws: a mistake is found before the work. The clock says which attempts are
  // due.
  Alerts(const Workspace& workspace, const AlertsConfig& config, AlertClock clock = alert_time);

  // note and deliver_at_once.
  void raise(const Alert& alert, const std::string& run = "");
  void resolve(const std::string& cause, const std::string& text);

  // Once per cause and run until it is resolved, and again where the level rises; below alerts.level it is
  // recorded and not sent. Where the outbox cannot be written (the disk may be full) it is kept in this
  // object and sent without a record by the next delivery.
  void note(const Alert& alert, const std::string& run = "");
  // For those that were told.
  void note_resolved(const std::string& cause, const std::string& text);

  // What is due, within kAtOnceSeconds for all channels together: each has its share of what is left of them,
  // so that one that hangs leaves something to the next.
  void deliver_at_once();
  // All that waits for the channels of this configuration and is due. Throws kResource where the outbox
  // cannot be read or written.
  std::vector<ChannelOutcome> deliver(const DeliverOptions& options = {});
  // An alert that is not recorded, through each channel.
  std::vector<ChannelOutcome> test();

  AlertOutbox& outbox() { return outbox_; }

  static constexpr double kAtOnceSeconds = 6;

 private:
  void send_unrecorded(AlertChannel& channel, double limit);

  AlertOutbox outbox_;
  AlertLevel level_;
  std::vector<std::unique_ptr<AlertChannel>> channels_;
  std::vector<AlertMessage> unrecorded_;
  AlertClock clock_;
};

}  // namespace millrace
