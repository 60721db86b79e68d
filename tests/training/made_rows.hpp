// Feature rows made for tests of training, in shards that all ranks see.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "base/random.hpp"
#include "comm/communicator.hpp"
#include "storage/feature_shard.hpp"
#include "support/temporary_folder.hpp"
#include "training/trainer.hpp"

namespace millrace::testing_support {

// A folder that rank 0 makes and removes; every rank knows its path.
class SharedFolder {
 public:
  explicit SharedFolder(const Communicator& comm) : comm_(comm) {
    if (comm.is_root()) folder_ = std::make_unique<TemporaryFolder>();
    path_ = folder_ ? folder_->path() : "";
    comm.broadcast(path_);
  }
  ~SharedFolder() { comm_.barrier(); }
  SharedFolder(const SharedFolder&) = delete;
  SharedFolder& operator=(const SharedFolder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  Communicator comm_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::string path_;
};

// Rows for `spec` whose target depends on the inputs; row numbers count from `first`.
inline FeatureRows made_rows(const NetworkSpec& spec, std::size_t rows, std::uint64_t first = 0) {
  FeatureRows made;
  made.rows = rows;
  made.n_numeric = spec.n_numeric;
  made.n_categorical = spec.embeddings.size();
  for (std::uint64_t row = first; row < first + rows; ++row) {
    CounterRandom random(derive_key({99, row}));
    double signal = 0;
    for (std::size_t i = 0; i < spec.n_numeric; ++i) {
      const double x = random.normal();
      signal += i % 2 == 0 ? x : std::abs(x) - 0.8;
      made.numeric.push_back(static_cast<float>(x));
    }
    for (const EmbeddingTable& table : spec.embeddings) {
      const std::uint64_t id = random.below(table.cardinality);
      signal += id % 2 == 0 ? 0.7 : -0.7;
      made.categorical.push_back(static_cast<std::int32_t>(id));
    }
    const double noisy = signal + 0.5 * random.normal();
    const double classes = std::max(spec.n_outputs, 2U);
    made.target.push_back(
        static_cast<float>(spec.task == Task::kRegression
                               ? noisy
                               : std::min(std::floor(classes / (1 + std::exp(-noisy))), classes - 1)));
    made.weight.push_back(1);
    made.row.push_back(row);
  }
  return made;
}

// Shards of the given sizes, written by rank 0.
inline std::vector<std::string> made_shards(const Communicator& comm, const SharedFolder& folder,
                                            const std::string& name, const NetworkSpec& spec,
                                            const std::vector<std::size_t>& sizes) {
  std::vector<std::string> paths;
  std::uint64_t first = 0;
  for (const std::size_t size : sizes) {
    paths.push_back(folder / fmt::format("{}-{}.h5", name, paths.size()));
    if (comm.is_root()) write_feature_shard(paths.back(), made_rows(spec, size, first));
    first += size;
  }
  comm.barrier();
  return paths;
}

inline NetworkSpec small_spec() {
  return {Task::kBinary, 5, {{6, 2}, {3, 1}}, {12, 7}, 1, Activation::kRelu, 0.1, true};
}

inline TrainingConfig small_config() {
  TrainingConfig config;
  config.epochs = 3;
  config.batch_size = 32;
  config.lanes = 16;
  config.learning_rate = 0.01;
  config.checkpoint.every_steps = 0;
  config.early_stopping.reset();
  return config;
}

// Shards and settings of a small training run.
struct SmallRun {
  Communicator comm = Communicator::world();
  SharedFolder folder{comm};
  NetworkSpec spec = small_spec();
  TrainingConfig config = small_config();
  TrainingInput input;
  Events events;

  explicit SmallRun(const std::vector<std::size_t>& train = {301, 1, 230},
                    const std::vector<std::size_t>& validation = {97}, NetworkSpec network = small_spec())
      : spec(std::move(network)) {
    input.train_shards = made_shards(comm, folder, "train", spec, train);
    input.validation_shards = made_shards(comm, folder, "validation", spec, validation);
    input.key = digest_of("a stage");
    input.checkpoint_folder = folder / "checkpoints";
  }
  TrainingResult train() { return millrace::train(comm, spec, config, input, events); }
};

}  // namespace millrace::testing_support
