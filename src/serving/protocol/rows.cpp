#include "serving/protocol/rows.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "serving/protocol/input_column.hpp"
#include "serving/protocol/json_document.hpp"

namespace millrace {

namespace {

namespace dom = simdjson::dom;

constexpr Subject kRowsRequest{"the request"};

// A single row may have a column "rows", but hardly one that holds a list.
bool holds_rows(const dom::object& body) {
  dom::array rows;
  return body.at_key("rows").get(rows) == simdjson::SUCCESS;
}

void refuse_others(const dom::object& body) {
  for (const auto field : body) {
    if (field.key == "rows" || field.key == "id" || field.key == "route_key" || field.key == "reasons")
      continue;
    throw usage_error("the request has no {}; beside 'rows' there may be 'id', 'route_key' and 'reasons'",
                      millrace::quoted(field.key));
  }
}

void read_members(const dom::object& body, RowsDocument& document) {
  refuse_others(body);
  Member<dom::array> rows("rows", "a list of rows");
  Member<std::string_view> id("id", "a string");
  Member<std::string_view> route_key("route_key", "a string");
  Member<std::uint64_t> reasons("reasons", "a number of columns");
  take_members(body, kRowsRequest, rows, id, route_key, reasons);
  document.rows = rows.value();
  document.id = id.value();
  document.route_key = route_key.value().value_or("");
  document.reasons = reasons.value().value_or(0);
}

std::size_t column_named(std::string_view name, std::size_t hint, std::size_t row, const ServedModel& model) {
  const auto column = model.find_input(name, hint);
  if (column) return *column;
  throw usage_error("row {}: there is no input {}{}", row + 1, millrace::quoted(name),
                    suggestion(name, model.inputs().names()));
}

void append_row(const dom::object& json, const ServedModel& model, std::size_t row, ScoringMemory& memory) {
  memory.given.assign(model.inputs().size(), 0);
  std::size_t hint = 0;
  for (const auto field : json) {
    const std::size_t column = column_named(field.key, hint, row, model);
    if (memory.given[column] != 0)
      throw usage_error("row {}: the column {} is given twice", row + 1, millrace::quoted(field.key));
    memory.given[column] = 1;
    append_json(field.value, model.inputs()[column], memory.table.columns[column]);
    hint = column + 1;
  }
  for (std::size_t column = 0; column < memory.given.size(); ++column) {
    if (memory.given[column] == 0) memory.table.columns[column].append_missing();
  }
}

}  // namespace

RowsDocument parse_rows(const HttpRequest& request) {
  RowsDocument document;
  const dom::element root = parse_request_json(request.body);
  dom::array list;
  if (root.get(list) == simdjson::SUCCESS) {
    document.rows = list;
  } else if (root.get(document.row) != simdjson::SUCCESS) {
    throw usage_error(R"(the request's body must be {{"rows": [{{"column": value, …}}, …]}})");
  } else if (holds_rows(document.row)) {
    read_members(document.row, document);
  }
  return document;
}

void read_rows(const RowsDocument& document, const ServedModel& model, std::size_t max_rows,
               ScoringMemory& memory) {
  if (!document.rows) return append_row(document.row, model, 0, memory);
  if (document.rows->size() > max_rows) {
    throw usage_error("the request has {} rows; one request may have {}: split it",
                      human_count(document.rows->size()), human_count(max_rows));
  }
  std::size_t row = 0;
  for (const dom::element element : *document.rows) {
    dom::object json;
    if (element.get(json) != simdjson::SUCCESS) throw usage_error("row {} is not an object", row + 1);
    append_row(json, model, row++, memory);
  }
}

}  // namespace millrace
