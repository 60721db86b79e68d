#include "serving/protocol/json_document.hpp"

#include <new>

namespace millrace {

namespace {

// Larger documents are rare, and a parser takes many times its document's bytes.
constexpr std::size_t kKeptBytes = std::size_t{1} << 20U;

std::optional<simdjson::dom::parser>& thread_parser() {
  thread_local std::optional<simdjson::dom::parser> parser;
  return parser;
}

simdjson::dom::parser& ready_parser() {
  auto& parser = thread_parser();
  if (parser) return *parser;
  parser.emplace();
  if (parser->allocate(4096, kJsonLevels) != simdjson::SUCCESS) throw std::bad_alloc();
  return *parser;  // it grows, but keeps its depth
}

}  // namespace

simdjson::dom::element parse_request_json(std::string_view text) {
  simdjson::dom::element root;
  const auto failure = ready_parser().parse(text.data(), text.size()).get(root);
  if (failure == simdjson::DEPTH_ERROR)
    throw usage_error("the request's body is nested more than {} levels deep", kJsonLevels);
  if (failure) throw usage_error("the request's body is no JSON: {}", simdjson::error_message(failure));
  return root;
}

void release_large_document() {
  auto& parser = thread_parser();
  if (parser && parser->capacity() > kKeptBytes) parser.reset();
}

simdjson::dom::object as_object(simdjson::dom::element element, const Subject& subject) {
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS) throw usage_error("{} must be an object", subject.text());
  return object;
}

}  // namespace millrace
