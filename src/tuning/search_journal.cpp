#include "tuning/search_journal.hpp"

#include <algorithm>

#include "base/topics.hpp"

namespace millrace::tuning {

namespace {

constexpr const char* kSubject = "search";

}  // namespace

SearchJournal::SearchJournal(const std::string& folder, std::string job, Search search)
    : journal_(folder, kSubject), job_(std::move(job)), search_(std::move(search)) {}

JournalEntry SearchJournal::begin(const std::string& folder, const Json& settings) {
  const Journal journal(folder, kSubject);
  journal.append({}, [&](const std::vector<JournalEntry>& entries) -> std::optional<Json> {
    if (!entries.empty()) return std::nullopt;
    return Json{{"type", "search"}, {"settings", settings}};
  });
  return journal.read().front();
}

void SearchJournal::read() {
  append([] { return std::nullopt; });
}

void SearchJournal::begin_job(Json details) {
  details["type"] = "job";
  details["job"] = job_;
  append([&] { return details; });
}

std::optional<Segment> SearchJournal::claim() {
  std::optional<Segment> mine;
  append([&]() -> std::optional<Json> {
    mine.reset();
    if (halted_) return std::nullopt;
    for (Segment& segment : search_.ready()) {
      if (is_taken(segment)) continue;
      mine = std::move(segment);
      Json entry = *mine;
      entry.update({{"type", "claim"}, {"job", job_}});
      return entry;
    }
    return std::nullopt;
  });
  return mine;
}

bool SearchJournal::is_taken(const Segment& segment) const {
  const auto claims = claims_.find({segment.trial, segment.rung});
  return claims != claims_.end() && std::ranges::any_of(claims->second, [&](const std::string& job) {
           return job == job_ || (lives_ && lives_(job));
         });
}

void SearchJournal::finish(const Segment& segment, const Result& result) {
  append([&]() -> std::optional<Json> {
    if (search_.has(segment.trial, segment.rung)) return std::nullopt;  // another job was first
    return Json{{"type", "result"},
                {"job", job_},
                {"trial", segment.trial},
                {"rung", segment.rung},
                {"result", result}};
  });
}

void SearchJournal::halt(const std::string& why) {
  append([&] { return Json{{"type", "halt"}, {"job", job_}, {"why", why}}; });
}

// What this process appends it reads like everything else.
void SearchJournal::append(const std::function<std::optional<Json>()>& make) {
  bool appended = false;
  journal_.append(position_, [&](const std::vector<JournalEntry>& entries) {
    take(entries);
    std::optional<Json> content = make();
    appended = content.has_value();
    return content;
  });
  if (appended) take(journal_.read_after(position_));
}

void SearchJournal::take(const std::vector<JournalEntry>& entries) {
  for (const JournalEntry& entry : entries) {
    with_context(fmt::format("search entry '{}/{}'", journal_.folder(), Journal::entry_name(entry.number)),
                 [&] { take(entry.content()); });
    position_ = {entry.number, entry.digest};
  }
}

void SearchJournal::take(const Json& entry) {
  const std::string type = entry.at("type");
  const bool is_ours = entry.value("job", "") == job_;
  const auto number = [&](const char* key) { return json_get<std::uint32_t>(entry, key, kSubject); };
  if (type == "claim") {
    check(entry);
    claims_[{number("trial"), number("rung")}].insert(entry.value("job", ""));
  } else if (type == "result" && !search_.has(number("trial"), number("rung"))) {
    const auto result = entry.at("result").get<Result>();
    search_.record(number("trial"), number("rung"), result);
    if (listener_) listener_(number("trial"), result);
  } else if (type == "halt" && is_ours) {
    halted_ = true;
  }
}

// The decisions follow from the results: what a claim says must be what they lead to.
void SearchJournal::check(const Json& claim) const {
  const auto segment = claim.get<Segment>();
  if (segment.trial < search_.trials().size() &&
      search_.trials()[segment.trial].assignment == segment.assignment) {
    return;
  }
  if (segment.trial >= search_.trials().size()) return;  // beyond limits that were lowered since
  throw Error(Topic::kDamagedJournal,
              "the values of trial {} are not those that the results before lead to: this is the work of "
              "another version",
              segment.trial);
}

}  // namespace millrace::tuning
