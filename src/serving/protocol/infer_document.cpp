#include <charconv>

#include "base/text.hpp"
#include "serving/protocol/infer.hpp"
#include "serving/protocol/json_document.hpp"

namespace millrace {

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kJsonLength = "Inference-Header-Content-Length";
constexpr Subject kInferRequest{"the request"};
constexpr Subject kParameters{"the request's parameters"};

// Where the JSON ends; nothing where all of the body is.
std::optional<std::size_t> json_length(const HttpRequest& request) {
  const std::string_view text = request.header(kJsonLength);
  if (text.empty()) return std::nullopt;
  std::size_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failure != std::errc() || end != text.data() + text.size() || length > request.body.size()) {
    throw usage_error("the header {} is {}; the body has {} bytes", kJsonLength, millrace::quoted(text),
                      request.body.size());
  }
  return length;
}

void read_parameters(const dom::object& json, InferDocument& document) {
  Member<std::string_view> route_key("route_key", "a string");
  Member<std::uint64_t> timeout("timeout", "a number of microseconds");
  Member<bool> binary("binary_data_output", "true or false");
  take_members(json, kParameters, route_key, timeout, binary);
  document.route_key = route_key.value().value_or("");
  document.timeout_us = timeout.value().value_or(0);
  document.binary_output = binary.value().value_or(false);
}

void read_json(std::string_view text, InferDocument& document) {
  dom::object root;
  if (parse_request_json(text).get(root) != simdjson::SUCCESS)
    throw usage_error("the request's body must be a JSON object");
  Member<std::string_view> id("id", "a string");
  Member<dom::object> parameters("parameters", "an object");
  Member<dom::array> inputs("inputs", "a list of inputs");
  Member<dom::array> outputs("outputs", "a list of outputs");
  take_members(root, kInferRequest, id, parameters, inputs, outputs);
  document.id = id.value();
  document.inputs = inputs.required(kInferRequest);
  document.outputs = outputs.value();
  if (parameters.value()) read_parameters(*parameters.value(), document);
}

}  // namespace

InferDocument parse_infer(const HttpRequest& request) {
  InferDocument document;
  const auto length = json_length(request);
  document.binary = request.body.substr(length.value_or(request.body.size()));
  if (length == 0U) {
    document.binary_output = true;
  } else {
    read_json(request.body.substr(0, length.value_or(request.body.size())), document);
  }
  return document;
}

}  // namespace millrace
