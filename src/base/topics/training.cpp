#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kTrainingEntries = std::to_array<TopicEntry>({
    {Topic::kManyRanks, ExitCode::kUsage, "many-ranks", "More ranks than the work can be shared by",
     "8 ranks cannot share 4 lanes (100 training rows, training.batch_size 4, training.lanes 64): use at "
     "most 4 ranks, or a batch size and a number of lanes that are multiples of the ranks",
     "Training rows lie in training.lanes lanes, and a rank owns whole lanes; small batches and little "
     "data have fewer lanes.",
     "Start fewer ranks, or raise training.batch_size or training.lanes."},
    {Topic::kDiverged, ExitCode::kDataRejected, "diverged", "A training that diverged",
     "the training loss is nan at epoch 3, step 120: lower training.learning_rate (now 10), set "
     "training.gradient_clip (1, say), or look for extreme values among the inputs",
     "The loss, a parameter or a prediction is infinite or no number. Nothing of this training is "
     "registered.",
     "Lower training.learning_rate, set training.gradient_clip, or look in the report for columns with "
     "extreme values (features.columns: log1p or clip)."},
    {Topic::kNoGpu, ExitCode::kResource, "no-gpu", "No GPU to use",
     "training.device is 'cuda', but there is no GPU to use: no CUDA driver (libcuda.so.1 is missing)",
     "training.device: cuda (and --device cuda of predict and serve) insists on a GPU on every rank, and at "
     "least one rank has none that can be used.",
     "Set training.device: auto (or cpu), or leave --device away; `millrace doctor` says what is missing. "
     "See [gpu.md](gpu.md)."},
    {Topic::kGpuFailed, ExitCode::kResource, "gpu-failed", "A GPU that fails",
     "copying parameters: out of memory (cudaErrorMemoryAllocation)",
     "CUDA, cuBLASLt or NCCL reported an error: no memory left, a device that was lost, a link that is "
     "down.",
     "Run again, which goes on from the last checkpoint; with less memory: a smaller training.batch_size. "
     "nvidia-smi shows the device's state."},
    {Topic::kGate, ExitCode::kGateNotPassed, "gate", "A model worse than the champion",
     "gate not passed: auc 0.81 is below the champion's 0.84 by more than 0.002",
     "The candidate was measured on the same test rows as the registry's champion and is worse by more "
     "than evaluation.gate allows. The champion stays, and what is deployed does not change.",
     "Look at the report: data, split and settings. evaluation.gate.not_worse_by allows more; "
     "evaluation.gate: false switches the gate off."},
    {Topic::kGoldenRows, ExitCode::kGateNotPassed, "golden-rows",
     "An artifact that predicts otherwise "
     "here",
     "churn/7 does not give its golden rows' predictions: row 3, output 0: 0.41 instead of 0.62",
     "An artifact holds a few rows with the predictions they gave when it was made. On this machine the "
     "model gives others, so it is not served.",
     "Make the artifact again with this version: `millrace package CONFIG`. If it stays, report it."},
    {Topic::kSearchSpace, ExitCode::kUsage, "search-space", "A search space that cannot be searched",
     "churn.yaml:31:5: tuning.space 'model.dropout' must have one of uniform, loguniform, int and choice",
     "A parameter of tuning.space has no distribution or several, bounds that hold no value, or conditions "
     "on what is no parameter; or the search asks for what such a space does not have.",
     "Change the named parameter. See [tuning.md](tuning.md)."},
    {Topic::kOtherSearch, ExitCode::kUsage, "other-search", "A search that was begun with other settings",
     "the search 'churn' was begun with other settings, with which this one cannot go on:\n  "
     "space.model.dropout.uniform.1: 0.5 → 0.3",
     "A search goes on from its journal, whose decisions hold only for the space, the settings, the data and "
     "the configuration that it was begun with. More trials and other limits are allowed.",
     "Set them back as the message shows, or give the new search a name of its own: --set tuning.name=NAME."},
    {Topic::kNoValidationRows, ExitCode::kDataRejected, "no-validation-rows", "No rows to compare trials by",
     "there are no validation rows to compare trials by: see data.split.validation",
     "Trials are compared by their models' predictions of the validation rows; test rows are never looked at "
     "by a search.",
     "Give data.split.validation a share or an expression that some rows fulfil."},
    {Topic::kNoTrial, ExitCode::kDataRejected, "no-trial", "A search without a trial that can be used",
     "none of the 12 trials of the search 'churn' came to a score; trial 0: the training loss is nan at epoch "
     "1, step 3",
     "Every trial failed, or the search ended before the first score.",
     "Look at the trials' errors (`millrace tune CONFIG --json`); narrow the space, or raise tuning.limits."},
});

}  // namespace

std::span<const TopicEntry> training_topics() {
  return kTrainingEntries;
}

}  // namespace millrace
