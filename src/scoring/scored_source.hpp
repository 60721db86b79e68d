// Inside scoring/: the source of a scoring, opened, and the loop over its blocks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingestion/open_source.hpp"
#include "scoring/block_scorer.hpp"
#include "scoring/row_numbers.hpp"
#include "scoring/score.hpp"

namespace millrace {

class ScoredSource {
 public:
  // Collective: finds the files. `workspace` takes what must be unpacked or fetched. What it refers to must
  // outlive this object, and no rank may let go of it while others read.
  ScoredSource(const Communicator& comm, const ScoringRequest& request, const Workspace& workspace,
               DigestUse digests);

  [[nodiscard]] const std::vector<SourceFile>& files() const { return source_.files(); }
  [[nodiscard]] const ScoreColumns& columns() const { return columns_; }
  // How the files are read: what the scores depend on besides files and models.
  [[nodiscard]] Json reading() const;

  // Collective: makes the files readable and plans their pieces.
  void open();
  [[nodiscard]] const std::vector<RowPiece>& pieces() const { return source_.pieces(); }
  [[nodiscard]] std::vector<std::size_t> owned() const { return source_.owned(); }
  [[nodiscard]] std::string name_of(std::size_t piece) const { return files()[pieces()[piece].source].name; }

  // Collective: numbers the rows. `known`: see RowNumbers.
  void number_rows(const std::map<std::size_t, std::uint64_t>& known);
  [[nodiscard]] std::uint64_t first_row(std::size_t piece) const { return numbers_->first_of(piece); }

  // Local work: the blocks of the pieces `mine`, in order, each scored by some thread and taken by this one.
  using Take = std::function<void(const BlockOfPiece& at, ScoredBlock&& block)>;
  void score(const std::vector<std::size_t>& mine, bool as_csv, const Take& take) const;

 private:
  const Communicator& comm_;
  const ScoringRequest& request_;
  Schema read_;
  ScoreColumns columns_;
  OpenSource source_;
  std::optional<RowNumbers> numbers_;
};

}  // namespace millrace
