// Customers as lines of CSV.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "datagen/customer.hpp"
#include "datagen/dates.hpp"
#include "datagen/defects.hpp"

namespace millrace::datagen {

inline constexpr std::string_view kHeader =
    "customer_id,signup_date,age,region,plan,contract,tenure_months,monthly_charges,support_calls,data_gb,"
    "payment_method,paperless,referral_code,churned\n";

struct Row {
  std::int32_t day = 0;
  std::uint64_t number = 0;  // in the day's file, from 0
  Customer customer;
  bool churned = false;
};

// Appends the row, with its defect, to `out`.
void append_row(std::string& out, const Row& row, Defect defect, const DayNames& names);

}  // namespace millrace::datagen
