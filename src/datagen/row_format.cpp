#include "datagen/row_format.hpp"

#include <fmt/format.h>

namespace millrace::datagen {

namespace {

void append_number(std::string& out, std::uint64_t value) {
  const fmt::format_int digits(value);
  out.append(digits.data(), digits.size());
}

// `value` hundredths (digits = 2) or tenths (digits = 1) as a decimal number.
void append_decimal(std::string& out, std::uint32_t value, std::uint32_t digits) {
  const std::uint32_t unit = digits == 2 ? 100 : 10;
  append_number(out, value / unit);
  out += '.';
  const std::uint32_t rest = value % unit;
  if (digits == 2) out += static_cast<char>('0' + rest / 10);
  out += static_cast<char>('0' + rest % 10);
}

// C20261001-000000017: at least nine digits, so that names sort as rows do.
void append_id(std::string& out, const Row& row, const DayNames& names) {
  const std::string_view day = names[row.day];
  out += 'C';
  out.append(day, 0, 4).append(day, 5, 2).append(day, 8, 2);
  out += '-';
  const fmt::format_int digits(row.number);
  if (digits.size() < 9) out.append(9 - digits.size(), '0');
  out.append(digits.data(), digits.size());
}

// R0042, or nothing.
void append_referral(std::string& out, const std::optional<std::uint32_t>& code) {
  if (!code) return;
  const fmt::format_int digits(*code);
  out += 'R';
  out.append(4 - digits.size(), '0').append(digits.data(), digits.size());
}

void append_person(std::string& out, const Row& row, const DayNames& names) {
  const Customer& customer = row.customer;
  append_id(out, row, names);
  out += ',';
  out += names[customer.signup_day];
  out += ',';
  if (customer.age) append_number(out, *customer.age);
  out += ',';
  out += kRegionNames[customer.region];
}

void append_contract(std::string& out, const Customer& customer, bool text_for_number) {
  out += ',';
  out += kPlanNames[customer.plan];
  out += ',';
  out += kContractNames[customer.contract];
  out += ',';
  append_number(out, customer.tenure_months);
  out += ',';
  if (text_for_number) {
    out += "4o.50";
  } else {
    append_decimal(out, customer.monthly_cents, 2);
  }
}

void append_habits(std::string& out, const Customer& customer) {
  out += ',';
  append_number(out, customer.support_calls);
  out += ',';
  if (customer.data_decigigabytes) append_decimal(out, *customer.data_decigigabytes, 1);
  out += ',';
  out += kPaymentNames[customer.payment];
  out += customer.paperless ? ",Yes," : ",No,";
  append_referral(out, customer.referral);
}

}  // namespace

void append_row(std::string& out, const Row& row, Defect defect, const DayNames& names) {
  if (defect == Defect::kBlank) out += '\n';
  if (defect == Defect::kQuote) out += '"';
  const std::size_t start = out.size();
  append_person(out, row, names);
  append_contract(out, row.customer, defect == Defect::kText);
  append_habits(out, row.customer);
  const bool label_lacks = defect == Defect::kRagged && row.number % 2 == 0;
  if (!label_lacks) out += row.churned ? ",Yes" : ",No";
  if (defect == Defect::kRagged && !label_lacks) out += ",0";
  out += '\n';
  if (defect == Defect::kDuplicate) out.append(out, start, std::string::npos);
}

}  // namespace millrace::datagen
