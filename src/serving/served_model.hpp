// A loaded model version with what requests need of it, prepared once; and the slot that says which one
// answers.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "packaging/artifact.hpp"
#include "serving/metrics.hpp"

namespace millrace {

// Immutable but for its counters: safe for any number of requests at once.
class ServedModel {
 public:
  ServedModel(Artifact artifact, std::shared_ptr<ModelMetrics> metrics);

  [[nodiscard]] const std::string& name() const { return artifact_.model; }
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const Schema& inputs() const { return inputs_; }
  [[nodiscard]] std::optional<std::size_t> find_input(std::string_view name) const;
  [[nodiscard]] Task task() const { return artifact_.scorer.network().spec().task; }
  [[nodiscard]] const std::vector<std::string>& classes() const {
    return artifact_.scorer.plan().target.classes;
  }
  [[nodiscard]] std::size_t outputs() const { return artifact_.scorer.outputs(); }
  // For one row of predictions: the class of the largest probability; binary: the positive one from 0.5 on.
  [[nodiscard]] const std::string& likeliest_class(std::span<const float> row) const;
  [[nodiscard]] ModelMetrics& metrics() const { return *metrics_; }

  // rows × outputs(), valid until the same thread predicts again. Throws kUsage with row and column for a
  // number that is too large for float32 arithmetic; kInternal where a prediction is not finite, since JSON
  // could not say it.
  [[nodiscard]] std::span<const float> predict(const Table& table) const;

 private:
  Artifact artifact_;
  std::string version_;
  Schema inputs_;
  std::map<std::string, std::size_t, std::less<>> input_index_;
  std::shared_ptr<ModelMetrics> metrics_;
};

// Switched between requests: each keeps the model that it began with.
class ModelSlot {
 public:
  explicit ModelSlot(std::shared_ptr<const ServedModel> model) : model_(std::move(model)) {}

  [[nodiscard]] std::shared_ptr<const ServedModel> get() const {
    const std::lock_guard lock(mutex_);
    return model_;
  }
  void set(std::shared_ptr<const ServedModel> model) {
    const std::lock_guard lock(mutex_);
    model_.swap(model);  // the old one goes when its last request does
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const ServedModel> model_;
};

// Reads the artifact and runs its golden rows. Throws kResource or kGateNotPassed, naming the file.
std::shared_ptr<const ServedModel> load_model(const std::string& path, Metrics& metrics);

}  // namespace millrace
