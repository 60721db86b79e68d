// A model as its users mean it: a table's rows in, predictions out. Feature plan and network together.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "features/plan.hpp"
#include "model/forward_device.hpp"
#include "model/network.hpp"

namespace millrace {

class Scorer {
 public:
  Scorer(FeaturePlan plan, Network network);

  [[nodiscard]] const FeaturePlan& plan() const { return plan_; }
  [[nodiscard]] const Network& network() const { return network_; }
  // The columns of the plan's inputs. In tables of just these nothing is looked up by name.
  [[nodiscard]] const Schema& inputs() const { return inputs_; }
  // 1 for binary (probability of the positive class) and regression (in the target's units), else one a
  // class.
  [[nodiscard]] std::size_t outputs() const { return network_.spec().n_outputs; }

  struct Workspace {
    FeatureRows features;
    Network::Workspace network;
  };
  // rows × outputs(), row-major. Thread-safe for concurrent calls with different workspaces.
  void predict(const Table& table, Workspace& workspace, std::vector<float>& predictions) const;
  // The same for rows from outside: throws kNumberTooLarge, with the row (from 1) and the column, where a
  // scaled number is beyond 1e30, and kInternal where a prediction is not finite all the same. Once workspace
  // and predictions have room, up to 256 rows of the schema inputs() allocate nothing.
  void answer(const Table& table, Workspace& workspace, std::vector<float>& predictions) const;
  // The same for rows each on its own: those that the first would throw for are told, in order, and what
  // stands for them among the predictions says nothing. All other rows' predictions are as if those were not
  // there.
  struct UnfitRow {
    std::size_t row = 0;  // from 0
    std::string column;   // the first of its inputs that is too large
  };
  void answer(const Table& table, Workspace& workspace, std::vector<float>& predictions,
              std::vector<UnfitRow>& unfit) const;
  // predict() from features that the plan has been applied to already.
  void predict(const FeatureRows& features, Network::Workspace& workspace,
               std::vector<float>& predictions) const;
  // From now on forward passes are offered to `device` first (null: none). Not beside other calls.
  void score_on(std::shared_ptr<ForwardDevice> device) { device_ = std::move(device); }
  // In place: the network's logits (rows × outputs()) become predictions.
  void finish(std::span<float> logits) const;

 private:
  void apply(const Table& table, FeatureRows& features) const;
  void forward(const BatchView& batch, Network::Workspace& workspace, std::span<float> logits) const;

  FeaturePlan plan_;
  Schema inputs_;
  InputPositions positions_;  // in inputs_
  Network network_;
  std::shared_ptr<ForwardDevice> device_;
};

// The network that a plan and a configuration call for.
struct ModelConfig;
NetworkSpec make_network_spec(const FeaturePlan& plan, const ModelConfig& config);

}  // namespace millrace
