// One part of the scores: the rows of one piece of a source, in files of a folder.
//
//   part-000007.csv or .h5        the scores: CSV with a header, or a data shard (docs/formats.md)
//   part-000007.rejected.csv      the records that got none, where there are any
//   part-000007.json              what the part is: written last, so that a part that has it is whole
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "scoring/block_scorer.hpp"

namespace millrace {

enum class ScoreFormat { kCsv, kHdf5 };

struct ScoresPart {
  std::string file;    // of the scores, in the folder
  std::string source;  // the file that its rows come from
  std::uint64_t first_row = 0;
  std::uint64_t records = 0;  // with rejected ones
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  Digest digest;
  RejectKinds rejected;
  std::vector<std::string> rejected_samples;
  std::optional<Comparison> comparison;
};
void to_json(Json& json, const ScoresPart& part);
void from_json(const Json& json, ScoresPart& part);

std::string part_file(std::size_t number, ScoreFormat format);
std::string part_record_file(std::size_t number);
std::string part_rejected_file(std::size_t number);

// The part of this number, where all of it is in the folder.
std::optional<ScoresPart> find_part(const std::string& folder, std::size_t number);

class PartWriter {
 public:
  // What is the same for all parts of a folder.
  struct Place {
    std::string folder;
    ScoreFormat format = ScoreFormat::kCsv;
    bool compares = false;  // with a second model
  };

  static std::unique_ptr<PartWriter> make(const Place& place, const ScoreColumns& columns, std::size_t number,
                                          std::size_t blocks);
  PartWriter(const Place& place, std::size_t number);
  virtual ~PartWriter() = default;
  PartWriter(const PartWriter&) = delete;
  PartWriter& operator=(const PartWriter&) = delete;

  // In the blocks' order. Throws kResource where it cannot be written.
  void append(ScoredBlock&& block);
  // After the last one: publishes the part.
  ScoresPart finish(const std::string& source, std::uint64_t first_row);

 protected:
  [[nodiscard]] std::string path() const { return place_.folder + "/" + part_.file; }

 private:
  virtual void write(ScoredBlock&& block) = 0;
  virtual void publish(ScoresPart& part) = 0;  // with its bytes and digest

  Place place_;
  std::size_t number_;
  ScoresPart part_;
  std::string rejected_csv_;
};

}  // namespace millrace
