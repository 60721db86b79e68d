#include "alerts/outbox.hpp"

#include <algorithm>

#include <unistd.h>

#include "base/host.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

// Of an entry about a channel; 0 seconds: nobody claims it.
Json channel_entry(const char* type, const std::string& channel, double seconds) {
  return {
      {"type", type}, {"channel", channel}, {"host", host_name()}, {"pid", ::getpid()}, {"seconds", seconds}};
}

// As a journal can hold it, whatever others have put into it: UTF-8, and null for what is no number.
Json message_entry(const char* type, const Alert& alert, const std::string& run,
                   const std::set<std::string>& channels) {
  const Json entry{{"type", type},
                   {"cause", alert.cause},
                   {"level", to_string(alert.level)},
                   {"subject", alert.subject},
                   {"text", alert.text},
                   {"details", alert.details},
                   {"run", run},
                   {"channels", channels}};
  return Json::parse(entry.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

void AlertOutbox::follow(const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    standing_.follow(entry);
    position_ = {entry.number, entry.digest};
  }
}

const AlertStanding& AlertOutbox::standing() {
  follow(journal_.read_after(position_));
  return standing_;
}

void AlertOutbox::append(const Maker& make) {
  journal_.append(position_, [&](const std::vector<JournalEntry>& entries) {
    follow(entries);
    return make();
  });
}

void AlertOutbox::raise(const Alert& alert, const std::string& run, const std::set<std::string>& channels) {
  append([&]() -> std::optional<Json> {
    const auto open = standing_.open.find({alert.cause, run});
    if (open != standing_.open.end() && open->second.level >= alert.level) return std::nullopt;
    return message_entry("raise", alert, run, channels);
  });
}

bool AlertOutbox::resolve(const std::string& cause, const std::string& text) {
  bool was_open = false;
  append([&]() -> std::optional<Json> {
    std::set<std::string> channels;
    Alert alert{cause, AlertLevel::kWarn, "", text};
    was_open = false;
    for (const auto& [key, open] : standing_.open) {
      if (key.first != cause) continue;
      was_open = true;
      channels.insert(open.channels.begin(), open.channels.end());
      alert.level = std::max(alert.level, open.level);
      alert.subject = open.subject;
    }
    if (!was_open) return std::nullopt;
    return message_entry("resolve", alert, "", channels);
  });
  return was_open;
}

bool AlertOutbox::claim(const std::string& channel, double seconds) {
  bool ours = false;
  append([&]() -> std::optional<Json> {
    const auto found = standing_.channels.find(channel);
    ours = found != standing_.channels.end() && !found->second.waiting.empty() &&
           !(found->second.claim && found->second.claim->holds());
    if (!ours) return std::nullopt;
    return channel_entry("claim", channel, seconds);
  });
  return ours;
}

std::optional<AlertMessage> AlertOutbox::next(const std::string& channel) {
  const auto found = standing().channels.find(channel);
  if (found == standing_.channels.end() || found->second.waiting.empty()) return std::nullopt;
  return *found->second.waiting.front();
}

// Whether it is the last is decided as the entry is appended: what another process raises before is seen here
// and told, what it raises after finds no claim.
void AlertOutbox::append_ended(Json entry, double seconds) {
  append([&]() -> std::optional<Json> {
    const auto& waiting = standing_.channels[entry.at("channel")].waiting;
    const bool is_last =
        std::ranges::all_of(waiting, [&](const auto& waits) { return waits->number == entry.at("message"); });
    entry["seconds"] = is_last ? 0 : seconds;
    return entry;
  });
}

void AlertOutbox::told(const std::string& channel, std::uint64_t message, double seconds) {
  Json entry = channel_entry("told", channel, seconds);
  entry["message"] = message;
  append_ended(std::move(entry), seconds);
}

void AlertOutbox::refused(const std::string& channel, std::uint64_t message, const std::string& failure,
                          double seconds) {
  Json entry = channel_entry("refused", channel, seconds);
  entry["message"] = message;
  entry["failure"] = failure;
  append_ended(std::move(entry), seconds);
}

void AlertOutbox::release(const std::string& channel, const std::optional<Failing>& failing) {
  append([&]() -> std::optional<Json> {
    Json entry = channel_entry("release", channel, 0);
    if (failing) failing->write(entry);
    return entry;
  });
}

void AlertOutbox::restore(const std::string& channel) {
  append([&]() -> std::optional<Json> {
    const auto found = standing_.channels.find(channel);
    if (found == standing_.channels.end() || found->second.refused.empty()) return std::nullopt;
    return Json{{"type", "restore"}, {"channel", channel}};
  });
}

}  // namespace millrace
