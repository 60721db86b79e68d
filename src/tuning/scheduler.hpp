// Which trials go on: looked at at rungs, numbers of epochs at which a trial pauses. Losses: smaller is
// better.
#pragma once

#include <cstdint>
#include <vector>

#include "config/tuning_config.hpp"

namespace millrace::tuning {

// Of a trial of so many epochs: grace · factor^k as long as these are fewer, then the epochs themselves.
std::vector<std::uint32_t> rungs(const TuningScheduler& scheduler, std::uint32_t epochs);

// Losses of one trial at the rungs so far, the one in question last.
using LossesSoFar = std::vector<double>;

// Whether a trial goes on from a rung, by those earlier trials that came to it (its own losses are not among
// theirs).
// asha: not worse than the quantile 1/factor of their losses there, by linear interpolation; the first goes
// on in any case. L. Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020; the
// stopping rule is that of Ray Tune. median: its best loss is not worse than the median of the others' mean
// losses so far, of which there must be three. D. Golovin et al., "Google Vizier", KDD 2017, section 3.2.
bool goes_on(const TuningScheduler& scheduler, const LossesSoFar& mine,
             const std::vector<LossesSoFar>& earlier);

// By linear interpolation between order statistics, as numpy's percentile. `values` not empty.
double quantile(std::vector<double> values, double share);

}  // namespace millrace::tuning
