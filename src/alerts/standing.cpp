#include "alerts/standing.hpp"

#include <algorithm>

#include <unistd.h>

#include "base/host.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kAlertEntry = "alerts entry";

template <class T>
T field(const Json& entry, const char* name) {
  return json_get<T>(entry, name, kAlertEntry);
}

AlertMessage message_of(const Json& entry, const Digest& digest) {
  const bool raised = field<std::string>(entry, "type") == "raise";
  AlertMessage message;
  message.number = field<std::uint64_t>(entry, "number");
  message.id = message_id(digest);
  message.status = raised ? "raised" : "resolved";
  message.alert = {field<std::string>(entry, "cause"), parse_alert_level(field<std::string>(entry, "level")),
                   field<std::string>(entry, "subject"), field<std::string>(entry, "text"),
                   field<Json>(entry, "details")};
  message.run = field<std::string>(entry, "run");
  message.time = field<std::string>(entry, "time");
  message.channels = field<std::set<std::string>>(entry, "channels");
  return message;
}

void queue(AlertStanding& standing, AlertMessage message) {
  const auto shared = std::make_shared<const AlertMessage>(std::move(message));
  for (const std::string& channel : shared->channels) standing.channels[channel].waiting.push_back(shared);
}

void open_alert(AlertStanding& standing, const AlertMessage& message) {
  OpenAlert& open = standing.open[{message.alert.cause, message.run}];
  if (open.since.empty()) open.since = message.time;
  open.level = message.alert.level;
  open.subject = message.alert.subject;
  open.channels.insert(message.channels.begin(), message.channels.end());
}

Claim claim_of(const Json& entry) {
  const double since = parse_rfc3339(field<std::string>(entry, "time"));
  return {field<std::string>(entry, "host"), field<int>(entry, "pid"), since,
          since + field<double>(entry, "seconds")};
}

// Null where it does not wait.
std::shared_ptr<const AlertMessage> take_out(ChannelStanding& channel, const Json& entry) {
  const auto number = field<std::uint64_t>(entry, "message");
  const auto found =
      std::ranges::find_if(channel.waiting, [&](const auto& waits) { return waits->number == number; });
  if (found == channel.waiting.end()) return nullptr;
  auto message = *found;
  channel.waiting.erase(found);
  channel.failing.reset();
  return message;
}

void take_told(ChannelStanding& channel, const Json& entry) {
  (void)take_out(channel, entry);
  channel.last_told = field<std::string>(entry, "time");
}

void take_refused(ChannelStanding& channel, const Json& entry) {
  if (auto message = take_out(channel, entry))
    channel.refused.push_back({std::move(message), field<std::string>(entry, "failure")});
}

void take_restored(ChannelStanding& channel) {
  for (RefusedMessage& one : channel.refused) channel.waiting.push_back(std::move(one.message));
  channel.refused.clear();
  std::ranges::sort(channel.waiting, {}, [](const auto& message) { return message->number; });
  channel.failing.reset();
}

std::optional<Claim> claim_left(const Json& entry) {
  return field<double>(entry, "seconds") > 0 ? std::optional(claim_of(entry)) : std::nullopt;
}

}  // namespace

bool Claim::holds() const {
  if (host == host_name() && (pid == ::getpid() || !process_lives(pid, since))) return false;
  return parse_rfc3339(now_rfc3339()) < until;
}

void AlertStanding::follow(const JournalEntry& entry) {
  const Json content = entry.content();
  const auto type = field<std::string>(content, "type");
  if (type == "raise" || type == "resolve") {
    AlertMessage message = message_of(content, entry.digest);
    if (type == "raise") open_alert(*this, message);
    if (type == "resolve")
      std::erase_if(open, [&](const auto& o) { return o.first.first == message.alert.cause; });
    return queue(*this, std::move(message));
  }
  ChannelStanding& channel = channels[field<std::string>(content, "channel")];
  if (type == "restore") return take_restored(channel);
  if (type == "told") {
    take_told(channel, content);
  } else if (type == "refused") {
    take_refused(channel, content);
  } else if (type == "release") {
    if (auto failing = Failing::read(content)) channel.failing = std::move(failing);
  } else if (type != "claim") {
    throw Error(Topic::kDamagedJournal, "{} {} has the type '{}', which this version does not know",
                kAlertEntry, entry.number, type);
  }
  channel.claim = claim_left(content);
}

}  // namespace millrace
