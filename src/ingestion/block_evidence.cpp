#include "ingestion/block_evidence.hpp"

namespace millrace {

BlockEvidence::BlockEvidence(const Layout& layout, const CsvDialect& dialect, std::uint64_t longest_record,
                             std::size_t source)
    : layout_(&layout),
      longest_record_(longest_record),
      source_(source),
      reader_(dialect),
      evidence_(layout.all_declared() ? 0 : layout.columns.size()) {}

void BlockEvidence::observe(const CsvBatch& batch) {
  if (evidence_.empty()) return;
  sort_records(batch, layout_->fields, longest_record_, sound_, problems_);
  for (std::size_t i = 0; i < evidence_.size(); ++i) {
    const SourceColumn& column = layout_->columns[i];
    if (!column.declared) evidence_[i].observe({batch, sound_, column.position}, reader_, source_);
  }
}

void BlockEvidence::observe_parsed(const CsvBatch& batch, const BatchParser& parser, const Table& table) {
  const std::vector<std::uint32_t>& rows = parser.rows();
  for (std::size_t i = 0; i < evidence_.size(); ++i) {
    const SourceColumn& column = layout_->columns[i];
    if (column.declared) continue;
    if (parser.is_plain(i) && evidence_[i].observe_plain(table.columns[i], rows.size())) continue;
    evidence_[i].observe({batch, rows, column.position}, reader_, source_);
  }
}

}  // namespace millrace
