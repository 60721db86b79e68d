// What each rank of a job last said of where it is: one small file a rank, in a folder that all of them see.
//
// A rank that has been stopped, or whose machine is gone, answers nobody; what it said before is all there
// is. The files are written and read by a thread of the board's own, and past base/file.hpp's seam: where the
// file system hangs, neither the watchdog nor a count of operations may depend on it. All of it is best
// effort.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "base/position.hpp"

namespace millrace {

class PositionBoard {
 public:
  // What is known of one rank.
  struct Entry {
    Json record;       // the last one read; null where there is none
    SteadyTime heard;  // when it was first seen
    SteadyTime
        moved;  // when a record was last seen that tells of progress since the one before; else long ago
    bool silent = false;  // it has missed three beats
  };

  // Says `mine()` every `beat` seconds as FOLDER/RANK, until it is destroyed.
  PositionBoard(std::string folder, int rank, int size, double beat, std::function<Json()> mine);
  // Takes the file back, and the folder with the last one.
  ~PositionBoard();
  PositionBoard(const PositionBoard&) = delete;
  PositionBoard& operator=(const PositionBoard&) = delete;

  // From now on also reads the others' at each beat: it costs one small file a rank.
  void watch_others();
  [[nodiscard]] std::vector<Entry> entries() const;  // by rank
  // True for the one rank that is first to ask, and where the file system gives no answer within `seconds`.
  bool claim_report(double seconds);

 private:
  void live();
  void tell() const;
  void look();
  [[nodiscard]] std::string file_of(int rank) const { return folder_ + "/" + std::to_string(rank); }

  std::string folder_;
  int rank_;
  std::chrono::duration<double> beat_;
  std::function<Json()> mine_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Entry> entries_;
  bool watching_ = false;
  bool claiming_ = false;
  bool claim_answered_ = false;
  bool claimed_ = true;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace millrace
