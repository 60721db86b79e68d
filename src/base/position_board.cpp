#include "base/position_board.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.hpp"

namespace millrace {

namespace {

constexpr int kMissedBeats = 3;
constexpr double kLeastComputed = 0.01;  // seconds of processor time that count as progress

// A rank moves if it begins operations, or computes outside of them. (In a collective, waiting computes too.)
bool has_moved(const Json& before, const Json& now) {
  if (before.is_null()) return false;
  if (before["operations"] != now["operations"]) return true;
  return now["operation"] == "" &&
         now["cpu_seconds"].get<double>() > before["cpu_seconds"].get<double>() + kLeastComputed;
}

Json read_record(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return Json::parse(text.str(), nullptr, false);  // "discarded" where it is no JSON
}

}  // namespace

PositionBoard::PositionBoard(std::string folder, int rank, int size, double beat, std::function<Json()> mine)
    : folder_(std::move(folder)),
      rank_(rank),
      beat_(beat),
      mine_(std::move(mine)),
      entries_(static_cast<std::size_t>(size)),
      thread_([this] { live(); }) {}

PositionBoard::~PositionBoard() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
  ::unlink(file_of(rank_).c_str());
  ::rmdir(folder_.c_str());
}

void PositionBoard::watch_others() {
  const std::lock_guard lock(mutex_);
  watching_ = true;
}

std::vector<PositionBoard::Entry> PositionBoard::entries() const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> all = entries_;
  const auto now = std::chrono::steady_clock::now();
  for (Entry& entry : all) entry.silent = !entry.record.is_null() && now - entry.heard > kMissedBeats * beat_;
  return all;
}

bool PositionBoard::claim_report(double seconds) {
  std::unique_lock lock(mutex_);
  claiming_ = true;
  wake_.notify_all();
  wake_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return claim_answered_; });
  return claimed_;
}

void PositionBoard::live() {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const bool watching = watching_;
    const bool claiming = claiming_;
    lock.unlock();
    tell();
    if (watching || claiming) look();
    const bool first =
        claiming &&
        UniqueFd(::open((folder_ + "/reported").c_str(), O_CREAT | O_EXCL | O_CLOEXEC, 0644)).valid();
    lock.lock();
    if (claiming && !claim_answered_) {
      claimed_ = first;
      claim_answered_ = true;
      wake_.notify_all();
    }
    wake_.wait_for(lock, beat_, [&] { return ending_ || claiming_ != claiming; });
  }
}

void PositionBoard::tell() const {
  const std::string fresh = file_of(rank_) + ".new";
  std::ofstream(fresh) << mine_().dump() << '\n';
  if (::rename(fresh.c_str(), file_of(rank_).c_str()) != 0) ::unlink(fresh.c_str());
}

void PositionBoard::look() {
  for (std::size_t rank = 0; rank < entries_.size(); ++rank) {
    Json record = read_record(file_of(static_cast<int>(rank)));
    if (!record.is_object()) continue;
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[rank];
    if (entry.record == record) continue;
    if (has_moved(entry.record, record)) entry.moved = now;
    entry.heard = now;
    entry.record = std::move(record);
  }
}

}  // namespace millrace
