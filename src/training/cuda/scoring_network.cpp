#include "training/cuda/scoring_network.hpp"

#include <algorithm>
#include <bit>

#include "training/cuda/devices.hpp"

namespace millrace {

namespace {

// Rows of zeros are added up to one of a few sizes, eight to a doubling: the product of each size has a plan,
// which takes time to make and is kept.
std::size_t padded(std::size_t rows) {
  const std::size_t step = std::max<std::size_t>(32, std::bit_floor(rows) / 8);
  return (rows + step - 1) / step * step;
}

BatchView part_of(const BatchView& batch, const NetworkSpec& spec, std::size_t first, std::size_t rows) {
  const std::size_t tables = spec.embeddings.size();
  return {rows, batch.numeric.subspan(first * spec.n_numeric, rows * spec.n_numeric),
          batch.categorical.subspan(first * tables, rows * tables)};
}

}  // namespace

// A lane for one call. After a failure it is not given back: what is still queued on it is nobody's.
class ScoringNetwork::Turn {
 public:
  explicit Turn(ScoringNetwork& owner) : owner_(owner) {
    std::unique_lock lock(owner_.mutex_);
    owner_.given_back_.wait(lock, [&] { return owner_.taken_ < kLanes; });
    ++owner_.taken_;
    if (owner_.idle_.empty()) return;
    lane_ = std::move(owner_.idle_.back());
    owner_.idle_.pop_back();
  }
  ~Turn() {
    {
      const std::lock_guard lock(owner_.mutex_);
      --owner_.taken_;
      if (done_) owner_.idle_.push_back(std::move(lane_));
    }
    owner_.given_back_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  Lane& lane() {
    if (lane_ == nullptr) lane_ = std::make_unique<Lane>(owner_.spec_);
    return *lane_;
  }
  void done() { done_ = true; }

 private:
  ScoringNetwork& owner_;
  std::unique_ptr<Lane> lane_;
  bool done_ = false;
};

ScoringNetwork::ScoringNetwork(int device, const Network& network)
    : device_(device), spec_(network.spec()), parameters_(network.parameters().size()) {
  idle_.reserve(kLanes);
  idle_.push_back(std::make_unique<Lane>(spec_));
  const Stream& stream = idle_.front()->stream;
  copy(parameters_.data(), network.parameters().data(), network.parameters().size(), stream.view());
  stream.wait();
}

void ScoringNetwork::forward(const BatchView& batch, std::span<float> logits) {
  use_device(device_);
  Turn turn(*this);
  for (std::size_t first = 0; first < batch.rows; first += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, batch.rows - first);
    forward(part_of(batch, spec_, first, rows), turn.lane(),
            logits.subspan(first * spec_.n_outputs, rows * spec_.n_outputs));
  }
  turn.done();
}

void ScoringNetwork::forward(const BatchView& batch, Lane& lane, std::span<float> logits) {
  const StreamView stream = lane.stream.view();
  lane.batch.upload(batch, padded(batch.rows), stream);
  lane.network.forward(lane.batch, {parameters_.data(), parameters_.data()}, false, stream);
  lane.logits.reserve(logits.size());
  copy(lane.logits.data(), lane.network.logits(), logits.size(), stream);
  lane.stream.wait();
  std::copy_n(lane.logits.data(), logits.size(), logits.data());
}

}  // namespace millrace
