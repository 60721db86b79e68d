#include <algorithm>

#include "base/text.hpp"
#include "serving/protocol/binary_values.hpp"
#include "serving/protocol/infer.hpp"
#include "serving/protocol/input_column.hpp"
#include "serving/protocol/json_document.hpp"

namespace millrace {

namespace {

namespace dom = simdjson::dom;

// One element of "inputs", checked but for its values.
struct InputTensor {
  std::size_t column = 0;
  std::string_view datatype;
  std::size_t rows = 0;
  bool is_matrix = false;                 // of shape [n, 1]
  std::optional<dom::array> data;         // in JSON
  std::optional<std::string_view> bytes;  // or binary
};

// Hands out the bytes behind the JSON, tensor by tensor.
class BinaryParts {
 public:
  explicit BinaryParts(std::string_view bytes) : left_(bytes) {}
  std::string_view take(std::uint64_t size, const Subject& subject) {
    if (size > left_.size()) {
      throw usage_error("{} has binary_data_size {}, but only {} bytes follow the JSON", subject.text(), size,
                        left_.size());
    }
    const std::string_view part = left_.substr(0, size);
    left_.remove_prefix(size);
    return part;
  }
  void end() const {
    if (!left_.empty()) throw usage_error("{} bytes follow the JSON that belong to no input", left_.size());
  }

 private:
  std::string_view left_;
};

// [rows] or [rows, 1].
void read_shape(const dom::array& shape, const Subject& subject, std::size_t max_rows, InputTensor& tensor) {
  std::uint64_t sizes[2] = {0, 1};
  std::size_t dimensions = 0;
  for (const dom::element element : shape) {
    std::uint64_t size = 0;
    if (element.get(size) != simdjson::SUCCESS)
      throw usage_error("'shape' of {} must be a list of sizes", subject.text());
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

std::size_t column_named(std::string_view name, std::size_t hint, const ServedModel& model) {
  const auto column = model.find_input(name, hint);
  if (column) return *column;
  throw usage_error("the model has no input {}{}; its inputs: {}", millrace::quoted(name),
                    suggestion(name, model.inputs().names()), join(model.inputs().names(), ", "));
}

void check_datatype(std::string_view datatype, const Field& field) {
  if (accepts_datatype(field.type, datatype)) return;
  throw usage_error("input '{}' is {} and wants the datatype {}, not {}", field.name, to_string(field.type),
                    datatype_of(field.type), millrace::quoted(datatype));
}

std::optional<std::uint64_t> binary_size(const std::optional<dom::object>& parameters,
                                         const Subject& subject) {
  if (!parameters) return std::nullopt;
  Member<std::uint64_t> size("binary_data_size", "a number of bytes");
  take_members(*parameters, subject, size);
  return size.value();
}

InputTensor read_tensor(const dom::element& element, std::size_t hint, const ServedModel& model,
                        std::size_t max_rows, BinaryParts& binary) {
  static constexpr Subject kInput{"an input"};
  const dom::object json = as_object(element, {"each of 'inputs'"});
  Member<std::string_view> name("name", "a string");
  Member<std::string_view> datatype("datatype", "a string");
  Member<dom::array> shape("shape", "a list of sizes");
  Member<dom::array> data("data", "a list of values");
  Member<dom::object> parameters("parameters", "an object");
  take_members(json, kInput, name);
  InputTensor tensor;
  tensor.column = column_named(name.required(kInput), hint, model);
  const Field& field = model.inputs()[tensor.column];
  const Subject what{"input", field.name};
  take_members(json, what, datatype, shape, data, parameters);
  tensor.datatype = datatype.required(what);
  check_datatype(tensor.datatype, field);
  read_shape(shape.required(what), what, max_rows, tensor);
  if (const auto size = binary_size(parameters.value(), what)) {
    tensor.bytes = binary.take(*size, what);
  } else {
    tensor.data = data.required(what);
  }
  return tensor;
}

// The value of one row: itself, or the only one of a nested row [value] of a matrix.
dom::element row_value(const dom::element& element, const InputTensor& tensor, const std::string& name) {
  dom::array nested;
  if (element.get(nested) != simdjson::SUCCESS) return element;
  if (!tensor.is_matrix || nested.size() != 1)
    throw usage_error("the lists in 'data' of input '{}' do not have its shape", name);
  return nested.at(0).value_unsafe();
}

void read_json_values(const InputTensor& tensor, const Field& field, Column& column) {
  std::size_t count = 0;
  for (const dom::element element : *tensor.data) {
    if (count++ < tensor.rows) append_json(row_value(element, tensor, field.name), field, column);
  }
  if (count != tensor.rows) {
    throw usage_error("'data' of input '{}' has {} values, but its shape says {}", field.name, count,
                      tensor.rows);
  }
}

void read_values(const InputTensor& tensor, const Field& field, Column& column) {
  if (tensor.bytes) return append_binary(*tensor.bytes, tensor.datatype, tensor.rows, field, column);
  read_json_values(tensor, field, column);
}

// Which inputs a request has given, all with as many rows as the first.
class Given {
 public:
  Given(const Schema& inputs, std::vector<std::uint8_t>& given) : inputs_(inputs), given_(given) {
    given_.assign(inputs.size(), 0);
  }
  void add(const InputTensor& tensor) {
    const std::string& name = inputs_[tensor.column].name;
    if (given_[tensor.column] != 0) throw usage_error("input '{}' is given twice", name);
    given_[tensor.column] = 1;
    if (column_of_first_ == kNone) {
      column_of_first_ = tensor.column;
      rows_ = tensor.rows;
    }
    if (tensor.rows == rows_) return;
    throw usage_error("input '{}' has {} rows, but input '{}' has {}", name, tensor.rows,
                      inputs_[column_of_first_].name, rows_);
  }
  void check_all() const {
    const auto missing = std::ranges::find(given_, 0);
    if (missing == given_.end()) return;
    throw usage_error("input '{}' is missing; a value that is not known is null in its 'data'",
                      inputs_[static_cast<std::size_t>(missing - given_.begin())].name);
  }

 private:
  const Schema& inputs_;
  std::vector<std::uint8_t>& given_;
  static constexpr std::size_t kNone = SIZE_MAX;
  std::size_t column_of_first_ = kNone;
  std::size_t rows_ = 0;  // of the first
};

// A body without JSON is the values of a model's only input.
void read_raw(std::string_view bytes, const ServedModel& model, std::size_t max_rows, Table& table) {
  if (model.inputs().size() != 1) {
    throw usage_error("the model has {} inputs, so a request needs a JSON part that names them",
                      model.inputs().size());
  }
  const Field& field = model.inputs()[0];
  append_raw(bytes, field, max_rows, table.columns[0]);
}

}  // namespace

void read_inputs(const InferDocument& document, const ServedModel& model, std::size_t max_rows,
                 ScoringMemory& memory) {
  Table& table = memory.table;
  if (!document.inputs) return read_raw(document.binary, model, max_rows, table);
  BinaryParts binary(document.binary);
  Given given(model.inputs(), memory.given);
  std::size_t hint = 0;
  for (const dom::element element : *document.inputs) {
    const InputTensor tensor = read_tensor(element, hint++, model, max_rows, binary);
    given.add(tensor);
    read_values(tensor, model.inputs()[tensor.column], table.columns[tensor.column]);
  }
  binary.end();
  given.check_all();
}

}  // namespace millrace
