// A loaded model version with what requests need of it, prepared once. Internal to serving/.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "packaging/artifact.hpp"
#include "serving/models/prediction_bins.hpp"
#include "serving/models/scoring_memory.hpp"

namespace millrace {

class ScoringDevice;

// Immutable but for the memory that it lends: safe for any number of requests at once.
class ServedModel {
 public:
  // `profile`: of predictions, as PredictionBins takes it. `digest`: of the artifact's file.
  explicit ServedModel(Artifact artifact, const Json& profile = nullptr, Digest digest = {});

  [[nodiscard]] const std::string& name() const { return artifact_.model; }
  [[nodiscard]] std::uint64_t number() const { return artifact_.version; }
  [[nodiscard]] const std::string& version() const { return version_; }  // number(), as text
  [[nodiscard]] const Digest& digest() const { return digest_; }
  [[nodiscard]] const Schema& inputs() const { return artifact_.scorer.inputs(); }
  // `hint`: where it is if clients name the inputs in order.
  [[nodiscard]] std::optional<std::size_t> find_input(std::string_view name, std::size_t hint = 0) const;
  [[nodiscard]] Task task() const { return artifact_.scorer.network().spec().task; }
  [[nodiscard]] const std::vector<std::string>& classes() const {
    return artifact_.scorer.plan().target.classes;
  }
  [[nodiscard]] std::size_t outputs() const { return artifact_.scorer.outputs(); }
  // For one row of predictions: the class of the largest probability; binary: the positive one from 0.5 on.
  [[nodiscard]] const std::string& likeliest_class(std::span<const float> row) const;
  [[nodiscard]] const PredictionBins& bins() const { return bins_; }

  [[nodiscard]] MemoryPool::Lease lend_memory() const { return pool_.lend(); }
  // Fills memory.predictions from memory.table. Throws kUsage with row and column for a number that is too
  // large for float32 arithmetic; kInternal where a prediction is not finite, since JSON could not say it.
  void score(ScoringMemory& memory) const;

 private:
  Artifact artifact_;
  Digest digest_;
  std::string version_;
  std::map<std::string, std::size_t, std::less<>> input_index_;
  PredictionBins bins_;
  std::chrono::duration<double> delay_;  // a fault, made on purpose
  mutable MemoryPool pool_;
};

// Reads the artifact and runs its golden rows, on the CPU; `device` (nullptr: none) gets large batches then.
// Throws kResource or kGateNotPassed, naming the file.
std::shared_ptr<const ServedModel> load_model(const std::string& path, ScoringDevice* device);
// The same for an object of a workspace, whose bytes must match its name.
std::shared_ptr<const ServedModel> load_model(const std::string& path, const Digest& digest,
                                              ScoringDevice* device);

}  // namespace millrace
