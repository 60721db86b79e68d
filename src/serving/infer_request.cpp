#include <algorithm>

#include <simdjson.h>

#include "base/error.hpp"
#include "base/json_nesting.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "serving/infer.hpp"
#include "serving/input_column.hpp"

namespace millrace {

namespace {

namespace dom = simdjson::dom;

// One element of "inputs", checked but for its values.
struct InputTensor {
  std::size_t column = 0;
  std::size_t rows = 0;
  bool is_matrix = false;  // of shape [n, 1]
  dom::array data;
};

// What an error is about; made into words only where there is one.
struct Subject {
  std::string_view kind;
  std::string_view name = {};
  [[nodiscard]] std::string text() const {
    return name.empty() ? std::string(kind) : fmt::format("{} '{}'", kind, name);
  }
};

// The member `key` of `object` as T; nothing where it is absent.
template <class T>
std::optional<T> find_member(const dom::object& object, const char* key, const Subject& subject,
                             const char* type) {
  const auto found = object.at_key(key);
  if (found.error() == simdjson::NO_SUCH_FIELD) return std::nullopt;
  T value{};
  if (found.get(value) != simdjson::SUCCESS) {
    throw usage_error("'{}' of {} must be {}", key, subject.text(), type);
  }
  return value;
}

template <class T>
T member(const dom::object& object, const char* key, const Subject& subject, const char* type) {
  const auto value = find_member<T>(object, key, subject, type);
  if (!value) throw usage_error("{} lacks '{}' ({})", subject.text(), key, type);
  return *value;
}

dom::object parse_object(std::string_view body) {
  check_json_nesting(body, "the request's body", Topic::kUsage);
  thread_local dom::parser parser;  // grows to the largest request seen; what it returns lives in it
  dom::element root;
  if (const auto failure = parser.parse(body).get(root)) {
    throw usage_error("the request's body is no JSON: {}", simdjson::error_message(failure));
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) throw usage_error("the request's body must be a JSON object");
  return object;
}

// [rows] or [rows, 1].
void read_shape(const dom::object& json, const Subject& subject, std::size_t max_rows, InputTensor& tensor) {
  const auto shape = member<dom::array>(json, "shape", subject, "a list of sizes");
  std::uint64_t sizes[2] = {0, 1};
  std::size_t dimensions = 0;
  for (const dom::element element : shape) {
    std::uint64_t size = 0;
    if (element.get(size) != simdjson::SUCCESS) {
      throw usage_error("'shape' of {} must be a list of sizes", subject.text());
    }
    if (dimensions < 2) sizes[dimensions] = size;
    ++dimensions;
  }
  if (dimensions == 0 || dimensions > 2 || sizes[1] != 1) {
    throw usage_error("{} must have the shape [rows] or [rows,1], not {}", subject.text(),
                      simdjson::minify(shape));
  }
  if (sizes[0] > max_rows) {
    throw usage_error("{} has {} rows; one request may have {}: split it", subject.text(),
                      human_count(sizes[0]), human_count(max_rows));
  }
  tensor.rows = sizes[0];
  tensor.is_matrix = dimensions == 2;
}

InputTensor read_header(const dom::element& element, const ServedModel& model, std::size_t max_rows) {
  dom::object json;
  if (element.get(json) != simdjson::SUCCESS) throw usage_error("each of 'inputs' must be an object");
  const auto name = member<std::string_view>(json, "name", {"an input"}, "a string");
  const auto column = model.find_input(name);
  if (!column) {
    throw usage_error("the model has no input {}{}; its inputs: {}", millrace::quoted(name),
                      suggestion(name, model.inputs().names()), join(model.inputs().names(), ", "));
  }
  const Field& field = model.inputs()[*column];
  const Subject what{"input", field.name};
  const auto datatype = member<std::string_view>(json, "datatype", what, "a string");
  if (!accepts_datatype(field.type, datatype)) {
    throw usage_error("{} is {} and wants the datatype {}, not {}", what.text(), to_string(field.type),
                      datatype_of(field.type), millrace::quoted(datatype));
  }
  InputTensor tensor{.column = *column, .data = {}};
  read_shape(json, what, max_rows, tensor);
  tensor.data = member<dom::array>(json, "data", what, "a list of values");
  return tensor;
}

// The value of one row: itself, or the only one of a nested row [value] of a matrix.
dom::element row_value(const dom::element& element, const InputTensor& tensor, const std::string& name) {
  dom::array nested;
  if (element.get(nested) != simdjson::SUCCESS) return element;
  if (!tensor.is_matrix || nested.size() != 1) {
    throw usage_error("the lists in 'data' of input '{}' do not have its shape", name);
  }
  return nested.at(0).value_unsafe();
}

void read_values(const InputTensor& tensor, const Field& field, Column& column) {
  std::size_t count = 0;
  InputColumn values(field, column);
  for (const dom::element element : tensor.data) {
    if (count++ < tensor.rows) values.append(row_value(element, tensor, field.name));
  }
  if (count != tensor.rows) {
    throw usage_error("'data' of input '{}' has {} values, but its shape says {}", field.name, count,
                      tensor.rows);
  }
}

Table read_inputs(const dom::array& inputs, const ServedModel& model, std::size_t max_rows) {
  const Schema& schema = model.inputs();
  Table table = make_table(schema);
  std::vector<bool> given(schema.size(), false);
  std::optional<InputTensor> first;
  for (const dom::element element : inputs) {
    const InputTensor tensor = read_header(element, model, max_rows);
    const std::string& name = schema[tensor.column].name;
    if (given[tensor.column]) throw usage_error("input '{}' is given twice", name);
    given[tensor.column] = true;
    if (!first) first = tensor;
    if (tensor.rows != first->rows) {
      throw usage_error("input '{}' has {} rows, but input '{}' has {}", name, tensor.rows,
                        schema[first->column].name, first->rows);
    }
    read_values(tensor, schema[tensor.column], table.columns[tensor.column]);
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i]) {
      throw usage_error("input '{}' is missing; a value that is not known is null in its 'data'",
                        schema[i].name);
    }
  }
  return table;
}

std::vector<OutputTensor> read_outputs(const dom::object& request, const ServedModel& model) {
  const auto& offered = outputs_of(model.task());
  const auto asked = find_member<dom::array>(request, "outputs", {"the request"}, "a list of outputs");
  if (!asked || asked->size() == 0) return offered;
  std::vector<OutputTensor> outputs;
  for (const dom::element element : *asked) {
    dom::object json;
    if (element.get(json) != simdjson::SUCCESS) throw usage_error("each of 'outputs' must be an object");
    const auto name = member<std::string_view>(json, "name", {"an output"}, "a string");
    const auto found =
        std::find_if(offered.begin(), offered.end(), [&](const auto& o) { return o.name == name; });
    if (found == offered.end()) {
      std::vector<std::string> names;
      for (const OutputTensor& output : offered) names.emplace_back(output.name);
      throw usage_error("the model has no output {}; its outputs: {}", millrace::quoted(name),
                        join(names, ", "));
    }
    outputs.push_back(*found);
  }
  return outputs;
}

}  // namespace

InferRequest parse_infer_request(std::string_view body, const ServedModel& model, std::size_t max_rows) {
  const dom::object request = parse_object(body);
  const auto id = find_member<std::string_view>(request, "id", {"the request"}, "a string");
  const auto inputs = member<dom::array>(request, "inputs", {"the request"}, "a list of inputs");
  return {.id = id ? std::optional<std::string>(*id) : std::nullopt,
          .outputs = read_outputs(request, model),
          .table = read_inputs(inputs, model, max_rows)};
}

}  // namespace millrace
