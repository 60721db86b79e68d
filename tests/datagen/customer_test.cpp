#include "datagen/customer.hpp"

#include <gtest/gtest.h>

namespace millrace::datagen {
namespace {

constexpr std::int32_t kDay = 20727;
constexpr std::uint64_t kCount = 20000;

template <class Visit>
void for_customers(double drift, Visit visit) {
  for (std::uint64_t i = 0; i < kCount; ++i) {
    CounterRandom random(derive_key({7, i}));
    visit(draw_customer(random, kDay, drift));
  }
}

TEST(Customer, ValuesLieInTheirRanges) {
  for_customers(0, [](const Customer& customer) {
    if (customer.age) {
      EXPECT_GE(*customer.age, 18U);
      EXPECT_LE(*customer.age, 94U);
    }
    EXPECT_LT(customer.region, kRegionNames.size());
    EXPECT_LE(customer.tenure_months, 120U);
    EXPECT_GE(customer.monthly_cents, 995U);
    EXPECT_LE(customer.support_calls, 12U);
    EXPECT_LT(customer.referral.value_or(0), kReferralCodes);
  });
}

TEST(Customer, TheSignUpLiesTenureMonthsBack) {
  for_customers(0, [](const Customer& customer) {
    const double months = (kDay - customer.signup_day) / 30.4375;
    EXPECT_GE(months, customer.tenure_months - 0.05);
    EXPECT_LE(months, customer.tenure_months + 1.05);
  });
}

TEST(Customer, SomeValuesAreMissingButLessThanATenth) {
  double age = 0;
  double data = 0;
  double referral = 0;
  for_customers(0, [&](const Customer& customer) {
    age += !customer.age;
    data += !customer.data_decigigabytes;
    referral += !customer.referral;
  });
  for (const double missing : {age, data, referral}) {
    EXPECT_GT(missing / kCount, 0.02);
    EXPECT_LT(missing / kCount, 0.08);
  }
}

TEST(Customer, DriftRaisesPricesAndLoosensContracts) {
  const auto means = [](double drift) {
    std::pair<double, double> sums;  // price, share of monthly contracts
    for_customers(drift, [&](const Customer& customer) {
      sums.first += customer.monthly_cents * 0.01 / kCount;
      sums.second += customer.contract == kMonthly ? 1.0 / kCount : 0.0;
    });
    return sums;
  };
  const auto before = means(0);
  const auto after = means(1);
  EXPECT_GT(after.first, before.first + 4);
  EXPECT_GT(after.second, before.second + 0.08);
}

}  // namespace
}  // namespace millrace::datagen
