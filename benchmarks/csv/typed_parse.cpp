#include "ingestion/block_loader.hpp"
#include "work.hpp"

namespace millrace::bench {

namespace {

const Schema kSchema({{"customer_id", ColumnType::kText},
                      {"signup_date", ColumnType::kDate},
                      {"age", ColumnType::kInteger},
                      {"region", ColumnType::kText},
                      {"plan", ColumnType::kText},
                      {"contract", ColumnType::kText},
                      {"tenure_months", ColumnType::kInteger},
                      {"monthly_charges", ColumnType::kReal},
                      {"support_calls", ColumnType::kInteger},
                      {"data_gb", ColumnType::kReal},
                      {"payment_method", ColumnType::kText},
                      {"paperless", ColumnType::kText},
                      {"referral_code", ColumnType::kText},
                      {"churned", ColumnType::kText}});

double sum(const Column& column) {
  double total = 0;
  for (std::size_t row = 0; row < column.size(); ++row)
    total += column.is_valid(row) ? column.number(row) : 0;
  return total;
}

Layout layout_of(const Schema& schema) {
  Layout layout;
  layout.fields = schema.size();
  layout.header_offsets = {0};
  for (const Field& field : schema) layout.columns.push_back({field.name, layout.columns.size(), field.type});
  return layout;
}

}  // namespace

Totals typed_parse(const ReadableFile& file, const CsvRange& block) {
  static const Layout kLayout = layout_of(kSchema);
  static const DataConfig kConfig;
  static const CsvDialect kDialect = csv_dialect(kConfig);
  const LoadedBlock loaded = load_block(file, block, 0, kConfig, kDialect, kLayout, kSchema, 0);
  const auto& columns = loaded.table.columns;
  Totals totals{loaded.records.size(), {}, loaded.reject_counts.total()};
  constexpr std::array<std::size_t, 5> kSummed{2, 6, 7, 8, 9};
  for (std::size_t i = 0; i < kSummed.size(); ++i) totals.sums[i] = sum(columns[kSummed[i]]);
  return totals;
}

}  // namespace millrace::bench
