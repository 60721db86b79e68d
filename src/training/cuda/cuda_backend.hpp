// Training on a GPU. Parameters, moments, gradients and activations stay on the device; what comes back each
// step is three floats. Work is queued on one stream; the host waits for it once a step.
//
// T as in device_network.hpp: float, or Bfloat16 beside fp32 parameters.
#pragma once

#include "training/cpu/adamw.hpp"
#include "training/cuda/collective.hpp"
#include "training/cuda/device_network.hpp"
#include "training/device_module.hpp"

namespace millrace {

template <class T>
class CudaBackend final : public DeviceBackend {
 public:
  // On the current device, called `device_name`.
  CudaBackend(const std::string& device_name, const NetworkSpec& spec, const TrainingConfig& config);

  [[nodiscard]] std::string description() const override { return description_; }
  void load(const OptimizerState& state) override;
  void store(OptimizerState& state) const override;
  StepSums step(std::span<const Batch> parts, float learning_rate, GradientExchange& exchange,
                const Meanwhile& meanwhile) override;
  LossSums accumulate_gradient(const Batch& batch, std::span<float> gradient) override;
  void apply_update(std::span<const float> gradient, float scale, float learning_rate) override;
  LossSums evaluate(const Batch& batch) override;
  void predict(const BatchView& batch, std::span<float> logits) override;
  void join(const DeviceGroup& group) override { collective_ = join_group(group); }

 private:
  [[nodiscard]] std::size_t size() const { return layout_.size(); }
  [[nodiscard]] float* tail() { return slot_.data() + size(); }
  [[nodiscard]] DeviceParameters<T> parameters() const;

  // The slot is written whole: gradient, loss, weight and whether to stop.
  void fill_slot(const Batch& batch, bool stop);
  // Into sums[0], sums[1] on the device, from the network's logits, which become ∂loss/∂logits.
  void compute_loss(std::size_t rows, float* sums);
  // From the slot, whose loss decides on the device whether anything changes.
  void queue_update(float learning_rate);
  // What the slot's tail holds, once all queued work is done.
  StepSums wait_for_tail();
  void round_parameters();

  std::string description_;
  NetworkSpec spec_;
  ParameterLayout layout_;
  AdamwSettings adamw_;
  float clip_;
  std::uint64_t updates_ = 0;

  Stream stream_;
  Event done_;
  DeviceNetwork<T> network_;
  DeviceBatch batch_;
  DeviceBuffer<float> parameters_, first_moment_, second_moment_;
  DeviceBuffer<T> rounded_;  // the parameters, where T is not float
  DeviceBuffer<std::uint8_t> decays_;
  DeviceBuffer<float> slot_;  // a gradient with its tail
  DeviceBuffer<float> losses_;
  DeviceBuffer<double> squares_, squares_scratch_;
  PinnedBuffer<float> host_tail_, host_slots_;
  std::unique_ptr<Collective> collective_;
};

// By training.precision, on the current device.
std::unique_ptr<DeviceBackend> make_cuda_backend(const std::string& device_name, const NetworkSpec& spec,
                                                 const TrainingConfig& config);

}  // namespace millrace
