// The truth: the log-odds that a customer churns, as a function of the values that the row shows; and the AUC
// that it reaches, which no model can beat but by luck.
#pragma once

#include <cstdint>
#include <vector>

#include "datagen/customer.hpp"

namespace millrace::datagen {

// Log-odds are whole multiples of 1/1024 in [-8, 8): few enough to count labels for each, which makes the AUC
// over any number of rows exact, and coarse enough to be the same on every machine.
inline constexpr int kLogOddsScale = 1024;
inline constexpr int kLogOddsLevels = 16 * kLogOddsScale;

// In units of 1/kLogOddsScale. Linear terms, a kink (tenure), a step (support calls), a curve (age),
// interactions (price × contract, data × plan), an effect for each referral code. Drift of prices makes
// customers mind prices and calls more; drift of habits (1: plain to see) changes nothing that a row shows,
// but who leaves: those who were bound or have long been there, and age matters more.
int log_odds(const Customer& customer, double prices, double habits = 0);

// True with the probability that the log-odds say; `bits` are 32 uniform random bits.
bool draw_label(int log_odds, std::uint32_t bits);

// Labels counted for each level of the log-odds.
class Truth {
 public:
  Truth() : positives_(kLogOddsLevels), negatives_(kLogOddsLevels) {}

  void add(int log_odds, bool positive);
  void merge(const Truth& other);

  [[nodiscard]] double positive_share() const;  // 0 without rows
  // Area under the ROC curve of the log-odds, ties by mid-rank; NaN where only one class occurs.
  [[nodiscard]] double auc() const;

 private:
  std::vector<std::uint64_t> positives_;
  std::vector<std::uint64_t> negatives_;
};

}  // namespace millrace::datagen
