#include "scoring/block_scorer.hpp"

#include <algorithm>

#include "scoring/scores_csv.hpp"

namespace millrace {

namespace {

// Of the features of the rows that are answered at once; for few features that is a whole block.
constexpr std::size_t kFeatureBytes = std::size_t{64} << 20U;

std::size_t rows_at_once(const FeaturePlan& plan) {
  const std::size_t width = plan.n_numeric() + plan.embeddings().size();
  return std::max<std::size_t>(256, kFeatureBytes / (sizeof(float) * std::max<std::size_t>(width, 1)));
}

Table slice(const Table& table, std::size_t first, std::size_t count) {
  std::vector<std::uint8_t> keep(table.rows());
  std::fill_n(keep.begin() + static_cast<std::ptrdiff_t>(first), count, 1);
  return select_rows(table, keep);
}

std::vector<std::uint8_t> all_but(const std::vector<Scorer::UnfitRow>& unfit, std::size_t rows) {
  std::vector<std::uint8_t> keep(rows, 1);
  for (const Scorer::UnfitRow& row : unfit) keep[row.row] = 0;
  return keep;
}

// The elements of kept rows, which have `width` each.
template <class T>
std::vector<T> selected(const std::vector<T>& values, const std::vector<std::uint8_t>& keep,
                        std::size_t width) {
  std::vector<T> kept;
  for (std::size_t row = 0; row < keep.size(); ++row) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * width);
    if (keep[row] != 0) kept.insert(kept.end(), first, first + static_cast<std::ptrdiff_t>(width));
  }
  return kept;
}

Column constant_text(const std::string& text, std::size_t rows) {
  Column column(ColumnType::kText);
  if (rows > 0) column.dictionary.push_back(text);
  column.codes.assign(rows, 0);
  column.valid.assign(rows, 1);
  return column;
}

Column integers(std::vector<std::int64_t> values) {
  Column column(ColumnType::kInteger);
  column.valid.assign(values.size(), 1);
  column.integers = std::move(values);
  return column;
}

Column row_numbers(const std::vector<std::uint64_t>& records, std::uint64_t first_row) {
  std::vector<std::int64_t> rows;
  rows.reserve(records.size());
  for (const std::uint64_t record : records) rows.push_back(static_cast<std::int64_t>(first_row + record));
  return integers(std::move(rows));
}

// One of `width` outputs.
Column reals(const std::vector<float>& scores, std::size_t output, std::size_t width) {
  Column column(ColumnType::kReal);
  for (std::size_t i = output; i < scores.size(); i += width) column.append_real(scores[i]);
  return column;
}

// The dictionary has all classes, in the target's order: codes mean the same in every part.
Column classes(const TargetPlan& target, const std::vector<float>& scores, std::size_t width) {
  Column column(ColumnType::kText);
  for (const std::string& name : target.classes) column.dictionary.push_back(name);
  for (std::size_t i = 0; i < scores.size(); i += width) {
    const std::size_t found = class_of(target, std::span(scores).subspan(i, width));
    column.codes.push_back(static_cast<std::int32_t>(found));
  }
  column.valid.assign(column.codes.size(), 1);
  return column;
}

}  // namespace

struct BlockScorer::Answers {
  std::vector<float> scores;  // of all rows of the block
  std::vector<Scorer::UnfitRow> unfit;

  Answers(const Scorer& scorer, const Table& table) {
    const std::size_t at_once = rows_at_once(scorer.plan());
    Scorer::Workspace workspace;
    if (table.rows() <= at_once) {
      scorer.answer(table, workspace, scores, unfit);
      return;
    }
    for (std::size_t first = 0; first < table.rows(); first += at_once)
      add(scorer, workspace, slice(table, first, std::min(at_once, table.rows() - first)), first);
  }

  [[nodiscard]] std::span<const float> of(std::size_t row, std::size_t outputs) const {
    return std::span(scores).subspan(row * outputs, outputs);
  }

 private:
  void add(const Scorer& scorer, Scorer::Workspace& workspace, const Table& rows, std::size_t first) {
    std::vector<float> answers;
    std::vector<Scorer::UnfitRow> refused;
    scorer.answer(rows, workspace, answers, refused);
    scores.insert(scores.end(), answers.begin(), answers.end());
    for (Scorer::UnfitRow& row : refused) unfit.push_back({first + row.row, std::move(row.column)});
  }
};

BlockScorer::BlockScorer(const ScoringModel& model, const ScoringModel* against, ScoreColumns columns,
                         bool as_csv)
    : model_(&model), against_(against), columns_(std::move(columns)), as_csv_(as_csv) {}

ScoredBlock BlockScorer::score(LoadedBlock&& block, const BlockPlace& place) const {
  ScoredBlock scored;
  const Scorer& scorer = model_->artifact.scorer;
  Answers answers(scorer, block.table);
  if (against_ != nullptr) scored.comparison = compare(block, place, answers);
  for (const RejectedRow& row : rejected_rows(block, answers.unfit, place.first_row, place.counts_lines)) {
    ++scored.rejected[row.kind];
    append_csv(scored.rejected_csv, row, place.file);
    if (scored.rejected_samples.size() < kRejectedSamples)
      scored.rejected_samples.push_back(describe(row, place.file));
  }
  if (!answers.unfit.empty()) {
    const auto keep = all_but(answers.unfit, block.table.rows());
    block.table = select_rows(block.table, keep);
    block.records = selected(block.records, keep, 1);
    answers.scores = selected(answers.scores, keep, scorer.outputs());
  }
  scored.rows.record_count = block.record_count;
  scored.rows.table = table_of(block.table, block.records, answers.scores, place);
  scored.rows.records = std::move(block.records);
  if (as_csv_) scored.csv = scores_csv(columns_, scored.rows.table);
  return scored;
}

Comparison BlockScorer::compare(const LoadedBlock& block, const BlockPlace& place,
                                const Answers& first) const {
  const Scorer& scorer = against_->artifact.scorer;
  const Answers second(scorer, block.table);
  const auto fits_first = all_but(first.unfit, block.table.rows());
  const auto fits_second = all_but(second.unfit, block.table.rows());
  Comparison comparison;
  for (std::size_t row = 0; row < block.table.rows(); ++row) {
    if (fits_first[row] == 0) continue;
    if (fits_second[row] == 0) {
      ++comparison.unfit;
      continue;
    }
    comparison.add(model_->artifact.scorer.plan().target, first.of(row, scorer.outputs()),
                   second.of(row, scorer.outputs()), place.file, place.first_row + block.records[row]);
  }
  return comparison;
}

Table BlockScorer::table_of(const Table& read, const std::vector<std::uint64_t>& records,
                            const std::vector<float>& scores, const BlockPlace& place) const {
  Table table{columns_.schema, {}};
  table.columns.push_back(constant_text(place.file, records.size()));
  table.columns.push_back(row_numbers(records, place.first_row));
  const auto version = static_cast<std::int64_t>(model_->artifact.version);
  table.columns.push_back(integers(std::vector<std::int64_t>(records.size(), version)));
  for (std::size_t i = columns_.first_kept; i < columns_.first_score; ++i)
    table.columns.push_back(read[columns_.schema[i].name]);
  append_scores(table, scores);
  return table;
}

void BlockScorer::append_scores(Table& table, const std::vector<float>& scores) const {
  const TargetPlan& target = model_->artifact.scorer.plan().target;
  const std::size_t width = model_->artifact.scorer.outputs();
  if (target.task == "multiclass") table.columns.push_back(classes(target, scores, width));
  for (std::size_t output = 0; output < width; ++output)
    table.columns.push_back(reals(scores, output, width));
  if (target.task == "binary") table.columns.push_back(classes(target, scores, width));
}

}  // namespace millrace
