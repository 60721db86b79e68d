#include "datagen/log_odds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace millrace::datagen {

namespace {

constexpr std::array<double, 8> kRegionTerm{0.0, 0.1, -0.1, 0.05, 0.15, -0.2, -0.3, 0.4};
constexpr std::array<double, 3> kContractTerm{1.0, -0.5, -1.6};
constexpr std::array<double, 4> kPaymentTerm{0.5, 0.1, -0.2, -0.25};
constexpr std::array<double, 3> kPriceSensitivity{0.034, 0.018, 0.008};  // a unit of price, by contract

constexpr int kLowest = -kLogOddsLevels / 2;

// In [-0.7, 0.7], fixed for each code.
std::vector<double> referral_terms() {
  std::vector<double> terms(kReferralCodes);
  for (std::uint32_t code = 0; code < kReferralCodes; ++code) {
    terms[code] = 1.4 * to_unit_double(derive_key({0x5EFE55A1U, code})) - 0.7;
  }
  return terms;
}

double referral_term(std::uint32_t code) {
  static const std::vector<double> kTerms = referral_terms();
  return kTerms[code];
}

double age_term(std::uint32_t age) {
  const double away = static_cast<double>(age) - 48.0;
  return 0.0011 * away * away - 0.28;
}

// A Basic plan that is outgrown drives people away; elsewhere heavy users stay.
double data_term(std::uint32_t decigigabytes, Plan plan) {
  const double gigabytes = std::min(0.1 * decigigabytes, 60.0);
  if (plan == kBasic) return gigabytes > 12.0 ? 1.3 : -0.2;
  return 0.15 - 0.008 * gigabytes;
}

double tenure_term(std::uint32_t months) {
  return 1.3 - 0.075 * std::min(months, 24U) - 0.008 * std::max(months, 24U);
}

double calls_term(std::uint32_t calls, double drift) {
  return (0.12 * calls + (calls >= 4 ? 1.2 : 0.0)) * (1.0 + 0.4 * drift);
}

double price_term(const Customer& customer, double drift) {
  return kPriceSensitivity[customer.contract] * (1.0 + 0.5 * drift) * (0.01 * customer.monthly_cents - 60.0);
}

// thresholds[level]: the share of 2^32 that is positive.
std::vector<std::uint32_t> label_thresholds() {
  std::vector<std::uint32_t> thresholds(kLogOddsLevels);
  for (int level = 0; level < kLogOddsLevels; ++level) {
    const double odds = std::exp(static_cast<double>(level + kLowest) / kLogOddsScale);
    thresholds[level] = static_cast<std::uint32_t>(0x1.0p32 * odds / (1.0 + odds));
  }
  return thresholds;
}

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

int log_odds(const Customer& customer, double prices, double habits) {
  const double binds = 1 - 1.6 * habits;
  const double terms =
      -1.65 + kRegionTerm[customer.region] + binds * kContractTerm[customer.contract] +
      kPaymentTerm[customer.payment] + (customer.paperless ? 0.15 : 0.0) +
      binds * tenure_term(customer.tenure_months) + calls_term(customer.support_calls, prices) +
      price_term(customer, prices) + (customer.age ? (1 + 2 * habits) * age_term(*customer.age) : 0.1) +
      (customer.data_decigigabytes ? data_term(*customer.data_decigigabytes, customer.plan) : 0.0) +
      (customer.referral ? referral_term(*customer.referral) : 0.2);
  return std::clamp(static_cast<int>(std::floor(terms * kLogOddsScale + 0.5)), kLowest, -kLowest - 1);
}

bool draw_label(int log_odds, std::uint32_t bits) {
  static const std::vector<std::uint32_t> kThresholds = label_thresholds();
  return bits < kThresholds[log_odds - kLowest];
}

void Truth::add(int log_odds, bool positive) {
  ++(positive ? positives_ : negatives_)[log_odds - kLowest];
}

void Truth::merge(const Truth& other) {
  for (int level = 0; level < kLogOddsLevels; ++level) {
    positives_[level] += other.positives_[level];
    negatives_[level] += other.negatives_[level];
  }
}

double Truth::positive_share() const {
  const auto positives = static_cast<double>(sum(positives_));
  const auto rows = positives + static_cast<double>(sum(negatives_));
  return rows == 0 ? 0 : positives / rows;
}

// Mann-Whitney: the share of pairs (positive, negative) that the log-odds put in order, ties counting half.
double Truth::auc() const {
  double ordered = 0;
  double negatives_below = 0;
  for (int level = 0; level < kLogOddsLevels; ++level) {
    const auto tied = static_cast<double>(negatives_[level]);
    ordered += static_cast<double>(positives_[level]) * (negatives_below + 0.5 * tied);
    negatives_below += tied;
  }
  const double pairs = static_cast<double>(sum(positives_)) * negatives_below;
  return pairs == 0 ? std::numeric_limits<double>::quiet_NaN() : ordered / pairs;
}

}  // namespace millrace::datagen
