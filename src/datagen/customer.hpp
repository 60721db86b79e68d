// One customer: the visible values of a row, correlated as they would be.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/random.hpp"

namespace millrace::datagen {

enum Plan : std::uint8_t { kBasic, kPlus, kFamily, kPremium, kBusiness };
enum Contract : std::uint8_t { kMonthly, kOneYear, kTwoYears };
enum Payment : std::uint8_t { kElectronicCheck, kMailedCheck, kBankTransfer, kCreditCard };

// As they stand in the file, some quoted because they must be.
inline constexpr std::array<std::string_view, 5> kPlanNames{"Basic", "Plus", R"("Family ""XL""")", "Premium",
                                                            "Business"};
inline constexpr std::array<std::string_view, 3> kContractNames{"month-to-month", "one year", "two years"};
inline constexpr std::array<std::string_view, 4> kPaymentNames{
    "electronic check", "mailed check", R"("bank transfer, automatic")", R"("credit card, automatic")"};
inline constexpr std::array<std::string_view, 8> kRegionNames{
    "North", "South", "East", "West", "Centre", "Lakes", "Highlands", R"("Islands, outer")"};

inline constexpr std::uint32_t kReferralCodes = 5000;

struct Customer {
  std::int32_t signup_day = 0;       // days since 1970-01-01
  std::optional<std::uint32_t> age;  // years
  std::uint8_t region = 0;           // index into kRegionNames
  Plan plan = kBasic;
  Contract contract = kMonthly;
  std::uint32_t tenure_months = 0;
  std::uint32_t monthly_cents = 0;
  std::uint32_t support_calls = 0;
  std::optional<std::uint32_t> data_decigigabytes;  // tenths of a gigabyte
  Payment payment = kElectronicCheck;
  bool paperless = false;
  std::optional<std::uint32_t> referral;  // below kReferralCodes; low codes are frequent
};

// The customer that `random` gives, seen on `day` (days since 1970-01-01). Drift (0: none) raises prices and
// moves contracts to month-to-month. Always draws the same number of values.
Customer draw_customer(CounterRandom& random, std::int32_t day, double drift);

}  // namespace millrace::datagen
