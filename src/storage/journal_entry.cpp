#include "storage/journal_entry.hpp"

#include <simdjson.h>

#include "base/topics.hpp"
#include "storage/journal.hpp"

namespace millrace {

Json JournalEntry::content() const {
  return parse_json(text, "entry " + Journal::entry_name(number));
}

static_assert(kJournalPadding >= simdjson::SIMDJSON_PADDING);

struct JournalFields::Document {
  simdjson::dom::parser parser;
  simdjson::dom::element root;

  // The field as a T; false where it is missing or something else.
  template <class T>
  bool get(const char* pointer, T& value) const {
    return root.at_pointer(pointer).get(value) == simdjson::SUCCESS;
  }
};

JournalFields::JournalFields(std::string subject, std::string folder)
    : subject_(std::move(subject)), folder_(std::move(folder)), document_(std::make_unique<Document>()) {}
JournalFields::~JournalFields() = default;
JournalFields::JournalFields(JournalFields&&) noexcept = default;
JournalFields& JournalFields::operator=(JournalFields&&) noexcept = default;

std::string JournalFields::what() const {
  const std::string name = Journal::entry_name(number_);
  return folder_.empty() ? fmt::format("{} entry {}", subject_, name)
                         : fmt::format("{} entry '{}/{}'", subject_, folder_, name);
}

void JournalFields::open(std::uint64_t number, const std::string& text) {
  number_ = number;
  text_ = &text;
  simdjson::dom::object object;
  const bool parsed = document_->parser.parse(text).get(document_->root) == simdjson::SUCCESS;
  if (parsed && document_->root.get(object) == simdjson::SUCCESS) return;
  try {  // the other parser says where it is wrong
    (void)parse_json(text, what());
  } catch (const Error& error) {
    throw Error(Topic::kDamagedJournal, "{}", error.message());
  }
  throw Error(Topic::kDamagedJournal, "{} is no JSON object", what());
}

// Says what is wrong in the words of all JSON files.
template <class T>
T JournalFields::refuse(const char* pointer) const {
  const Json document = parse_json(*text_, what());
  const std::string path(pointer);
  const auto slash = path.rfind('/');
  const Json& parent = document.value(Json::json_pointer(path.substr(0, slash)), Json::object());
  return json_get<T>(parent, path.substr(slash + 1), what());
}

std::string JournalFields::text(const char* pointer) const {
  std::string_view value;
  return document_->get(pointer, value) ? std::string(value) : refuse<std::string>(pointer);
}

std::uint64_t JournalFields::number(const char* pointer) const {
  std::uint64_t value = 0;
  return document_->get(pointer, value) ? value : refuse<std::uint64_t>(pointer);
}

std::vector<std::uint64_t> JournalFields::numbers(const char* pointer) const {
  simdjson::dom::array items;
  if (!document_->get(pointer, items)) return refuse<std::vector<std::uint64_t>>(pointer);
  std::vector<std::uint64_t> numbers;
  for (const simdjson::dom::element item : items) {
    std::uint64_t value = 0;
    if (item.get(value) != simdjson::SUCCESS) return refuse<std::vector<std::uint64_t>>(pointer);
    numbers.push_back(value);
  }
  return numbers;
}

void JournalFields::require_object(const char* pointer) const {
  simdjson::dom::object value;
  if (!document_->get(pointer, value)) (void)refuse<Json::object_t>(pointer);
}

std::string JournalFields::text_or(const char* pointer, const std::string& otherwise) const {
  std::string_view value;
  return document_->get(pointer, value) ? std::string(value) : otherwise;
}

JournalFields::Numbers JournalFields::numbers_in(const char* pointer) const {
  simdjson::dom::object members;
  Numbers numbers;
  if (!document_->get(pointer, members)) return numbers;
  for (const auto& [name, value] : members) {
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) numbers.emplace_back(name, number);
  }
  return numbers;
}

bool JournalFields::is_null(const char* pointer) const {
  simdjson::dom::element value;
  return !document_->get(pointer, value) || value.is_null();
}

}  // namespace millrace
