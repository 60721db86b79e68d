#include "datagen/customer.hpp"

#include <algorithm>
#include <numbers>

namespace millrace::datagen {

namespace {

struct PlanTraits {
  double price;  // a month, before data and discounts
  double data;   // typical gigabytes
  double calls;  // chance of one more support call
};
constexpr std::array<PlanTraits, 5> kPlans{
    {{24, 6, 0.52}, {42, 14, 0.45}, {68, 30, 0.42}, {84, 38, 0.36}, {95, 22, 0.30}}};

double unit(CounterRandom& random) {
  return static_cast<double>(random.next_u32()) * 0x1.0p-32;
}

// Mean 0, deviation 1, by the sum of four 16-bit uniforms (Irwin-Hall). No logarithm or cosine: their last
// bit differs between machines, and files must not.
double bell(CounterRandom& random) {
  const std::uint64_t bits = random.next_u64();
  const std::uint64_t sum =
      (bits & 0xFFFFU) + ((bits >> 16U) & 0xFFFFU) + ((bits >> 32U) & 0xFFFFU) + (bits >> 48U);
  return (static_cast<double>(sum) * 0x1.0p-16 - 2.0) * std::numbers::sqrt3;
}

// The first index whose cumulated share exceeds u.
template <std::size_t n>
std::uint8_t pick(const std::array<double, n>& shares, double u) {
  std::uint8_t index = 0;
  while (index + 1U < n && u >= shares[index]) u -= shares[index++];
  return index;
}

std::uint32_t whole(double value, double low, double high) {
  return static_cast<std::uint32_t>(std::clamp(value, low, high));
}

Contract draw_contract(double u, std::uint32_t age, double drift) {
  const double settled = age < 30 ? 0.7 : 1.0;
  const double bound = settled * std::max(0.1, 1.0 - 0.3 * drift);  // share of what binds for a year or more
  return static_cast<Contract>(pick<3>({1.0 - 0.46 * bound, 0.22 * bound, 0.24 * bound}, u));
}

std::uint32_t draw_tenure(double u, Contract contract) {
  switch (contract) {
    case kMonthly:
      return whole(72 * u * u, 0, 72);
    case kOneYear:
      return whole(2 + 70 * u, 0, 72);
    case kTwoYears:
      return whole(8 + 112 * u, 0, 120);
  }
  return 0;
}

// Most use little, a few a great deal; the young more than the old.
std::uint32_t draw_data(double u, Plan plan, std::uint32_t age) {
  const double appetite = age < 35 ? 1.5 : age < 60 ? 1.0 : 0.5;
  return whole(10 * appetite * kPlans[plan].data * u / (1.2 - u), 0, 9999);
}

std::uint32_t draw_calls(double u, Plan plan) {
  const double more = kPlans[plan].calls;
  std::uint32_t calls = 0;
  for (double chance = more; u < chance && calls < 12; chance *= more) ++calls;
  return calls;
}

std::uint32_t draw_price(double noise, const Customer& customer, std::uint32_t data, double drift) {
  const double discount = customer.contract == kTwoYears ? 0.88 : customer.contract == kOneYear ? 0.95 : 1.0;
  const double price = kPlans[customer.plan].price + 0.025 * data + 5.0 * noise + 7.0 * drift;
  return whole(100.0 * discount * price, 995, 29999);
}

}  // namespace

Customer draw_customer(CounterRandom& random, std::int32_t day, double drift) {
  Customer customer;
  const std::uint32_t age = whole(45.0 + 16.0 * bell(random), 18, 94);
  customer.region = pick<8>({0.22, 0.18, 0.16, 0.15, 0.13, 0.09, 0.05, 0.02}, unit(random));
  customer.contract = draw_contract(unit(random), age, drift);
  customer.tenure_months = draw_tenure(unit(random), customer.contract);
  customer.plan = static_cast<Plan>(pick<5>({0.27, 0.29, 0.17, 0.19, 0.08}, unit(random)));
  const std::uint32_t data = draw_data(unit(random), customer.plan, age);
  customer.monthly_cents = draw_price(bell(random), customer, data, drift);
  customer.support_calls = draw_calls(unit(random), customer.plan);
  customer.payment =
      static_cast<Payment>(pick<4>({age < 60 ? 0.36 : 0.22, age < 60 ? 0.15 : 0.36, 0.22, 1}, unit(random)));
  customer.paperless = unit(random) < (age < 60 ? 0.68 : 0.42);
  const double referral = unit(random);
  const double into_month = unit(random);
  customer.signup_day = day - static_cast<std::int32_t>(30.4375 * (customer.tenure_months + into_month));

  // What is missing depends on what is seen (older customers' phones report no data volume), as it does in
  // life.
  if (unit(random) >= 0.03) customer.age = age;
  if (unit(random) >= (age < 65 ? 0.03 : 0.09)) customer.data_decigigabytes = data;
  if (unit(random) >= 0.06)
    customer.referral = whole(kReferralCodes * referral * referral * referral, 0, kReferralCodes - 1);
  return customer;
}

}  // namespace millrace::datagen
