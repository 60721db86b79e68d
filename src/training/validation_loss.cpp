#include "training/validation_loss.hpp"

#include <algorithm>

#include "training/class_weights.hpp"

namespace millrace {

namespace {

constexpr std::uint64_t kChunkRows = 4096;
constexpr std::size_t kBatchRows = 512;  // computed together: bounds the back end's memory

std::vector<Range> cut_into_chunks(const RowSource& source) {
  std::vector<Range> chunks;
  for (std::size_t s = 0; s < source.shards(); ++s) {
    const Range shard = source.rows_of_shard(s);
    for (std::uint64_t at = shard.first; at < shard.end; at += kChunkRows) {
      chunks.push_back({at, std::min(at + kChunkRows, shard.end)});
    }
  }
  return chunks;
}

template <class T>
void assign_rows(const std::vector<T>& from, std::size_t first, std::size_t count, std::size_t width,
                 std::vector<T>& to) {
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first * width);
  to.assign(begin, begin + static_cast<std::ptrdiff_t>(count * width));
}

}  // namespace

ValidationLoss::ValidationLoss(const Communicator& comm, RowSource& source, std::uint64_t resident_rows,
                               std::vector<float> class_weights)
    : comm_(comm),
      source_(&source),
      class_weights_(std::move(class_weights)),
      chunks_(cut_into_chunks(source)),
      mine_(deal(chunks_.size(), static_cast<std::uint64_t>(comm.size()),
                 static_cast<std::uint64_t>(comm.rank()))),
      is_resident_(mine_.size() * kChunkRows <= std::max(resident_rows, kChunkRows)) {
  comm.agree([&] {
    if (!is_resident_) return;
    resident_.resize(mine_.size());
    for (std::size_t c = 0; c < resident_.size(); ++c) source_->read(chunks_[mine_.first + c], resident_[c]);
  });
}

void ValidationLoss::fill_batch(const FeatureRows& rows, std::size_t first, std::size_t count) {
  batch_.rows = count;
  assign_rows(rows.numeric, first, count, rows.n_numeric, batch_.numeric);
  assign_rows(rows.categorical, first, count, rows.n_categorical, batch_.categorical);
  assign_rows(rows.target, first, count, 1, batch_.target);
  assign_rows(rows.weight, first, count, 1, batch_.weight);
  for (std::size_t r = 0; r < count; ++r) {
    batch_.weight[r] *= class_weight(class_weights_, batch_.target[r]);
  }
}

LossSums ValidationLoss::chunk_sums(std::size_t chunk, Backend& backend) {
  FeatureRows read;
  if (!is_resident_) source_->read(chunks_[chunk], read);
  const FeatureRows& rows = is_resident_ ? resident_[chunk - mine_.first] : read;
  LossSums sums;
  for (std::size_t first = 0; first < rows.rows; first += kBatchRows) {
    fill_batch(rows, first, std::min(kBatchRows, rows.rows - first));
    const LossSums part = backend.evaluate(batch_);
    sums.loss += part.loss;
    sums.weight += part.weight;
  }
  return sums;
}

double ValidationLoss::operator()(Backend& backend) {
  std::vector<double> sums(2 * chunks_.size());  // each is set on one rank: adding the others' zeros is exact
  comm_.agree([&] {
    for (std::size_t c = mine_.first; c < mine_.end; ++c) {
      const LossSums chunk = chunk_sums(c, backend);
      sums[2 * c] = chunk.loss;
      sums[2 * c + 1] = chunk.weight;
    }
  });
  comm_.all_reduce(std::span(sums), Reduce::kSum);
  LossSums total;
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
    total.loss += sums[2 * c];
    total.weight += sums[2 * c + 1];
  }
  return total.loss / total.weight;
}

}  // namespace millrace
