#include "cost/reservations.hpp"

#include <algorithm>

#include <unistd.h>

#include "base/host.hpp"
#include "storage/journal.hpp"

namespace millrace {

namespace {

constexpr const char* kReservationEntry = "reservations entry";

Journal reservation_journal(const Workspace& workspace) {
  return {workspace.path("cost/reservations"), "reservations"};
}

Reservation reservation_of(const JournalEntry& entry) {
  const Json content = entry.content();
  const auto text = [&](const char* key) { return json_get<std::string>(content, key, kReservationEntry); };
  return {entry.number,
          Money::of_micros(json_get<std::int64_t>(content, "micros", kReservationEntry)),
          text("currency"),
          text("model"),
          text("team"),
          text("host"),
          json_get<int>(content, "pid", kReservationEntry),
          moment_of(text("time"))};
}

Json entry_for(const Reservation& wanted) {
  return {{"type", "reserve"},
          {"micros", wanted.amount.micros()},
          {"currency", wanted.currency},
          {"model", wanted.model},
          {"team", wanted.team},
          {"host", host_name()},
          {"pid", ::getpid()}};
}

bool may_still_begin(const Reservation& reservation, Moment now) {
  const Moment age = now - reservation.time;
  if (age < kUnbegunFor) return true;
  const bool lives = reservation.host != host_name() ||
                     process_lives(reservation.pid, static_cast<double>(reservation.time) / 1000);
  return age < kUnbegunAtMost && lives;
}

// Of this host, list_runs() knows which processes are gone.
bool goes_on(const RunUsage& run, Moment now) {
  return run.running && (run.host == host_name() || now - run.heard < kSilentAfter);
}

Money charged(const std::vector<Charge>& charges, const std::string& run) {
  Money sum;
  for (const Charge& charge : charges) {
    if (charge.run == run) sum += charge.cost.amount;
  }
  return sum;
}

}  // namespace

std::vector<Reservation> recorded_reservations(const Workspace& workspace) {
  std::vector<Reservation> all;
  for (const JournalEntry& entry : reservation_journal(workspace).read())
    all.push_back(reservation_of(entry));
  return all;
}

std::uint64_t reserve(const Workspace& workspace, const Reservation& wanted,
                      const std::function<void(const std::vector<Reservation>& before)>& check) {
  std::vector<Reservation> before;
  reservation_journal(workspace).append({}, [&](const std::vector<JournalEntry>& entries) {
    for (const JournalEntry& entry : entries) before.push_back(reservation_of(entry));
    check(before);
    return entry_for(wanted);
  });
  return before.empty() ? 1 : before.back().number + 1;
}

std::vector<Reservation> open_reservations(const std::vector<Reservation>& all,
                                           const std::vector<RunUsage>& runs,
                                           const std::vector<Charge>& charges, Moment now) {
  std::vector<Reservation> open;
  for (Reservation one : all) {
    const auto run = std::ranges::find(runs, std::optional(one.number),
                                       [](const RunUsage& usage) { return usage.reservation; });
    const bool begun = run != runs.end();
    if (begun ? !goes_on(*run, now) : !may_still_begin(one, now)) continue;
    if (begun) one.amount = one.amount - charged(charges, run->run);
    open.push_back(std::move(one));
  }
  return open;
}

}  // namespace millrace
