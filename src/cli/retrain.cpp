#include "cli/retrain.hpp"

#include <filesystem>

#include "base/log.hpp"

namespace millrace {

RetrainOutcome retrain_now(const PipelineConfig& config, const po::variables_map& values,
                           const RetrainCause& cause) {
  return retrain(config, std::filesystem::absolute(text_of(values, "config")).string(), cause);
}

void print_outcome(const RetrainOutcome& outcome, bool as_json) {
  if (as_json) return fmt::print("{}", pretty_json({{"begun", outcome.begun}, {"said", outcome.said}}));
  fmt::print("{}: {}\n", outcome.begun ? "retraining" : "no retraining", outcome.said);
}

}  // namespace millrace
