// Reading a request's JSON, with refusals that say what is wrong and where. Internal to serving/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/error.hpp"

namespace millrace {

// Levels that JSON may be nested: a request needs 5.
inline constexpr std::size_t kJsonLevels = 64;

// What it returns lives until this thread's next call. Throws kUsage for what is no JSON (RFC 8259, UTF-8).
simdjson::dom::element parse_request_json(std::string_view text);
// To be called when a request has been read: memory that a large one took is given back.
void release_large_document();

// What an error is about; made into words only where there is one.
struct Subject {
  std::string_view kind;
  std::string_view name = {};
  [[nodiscard]] std::string text() const {
    return name.empty() ? std::string(kind) : fmt::format("{} '{}'", kind, name);
  }
};

simdjson::dom::object as_object(simdjson::dom::element element, const Subject& subject);

// A member of an object that the request may have once.
template <class T>
class Member {
 public:
  // `type` for messages: "a string".
  Member(const char* name, const char* type) : name_(name), type_(type) {}

  // Takes the value if the key is this member's.
  bool take(std::string_view key, simdjson::dom::element element, const Subject& subject) {
    if (key != name_) return false;
    if (value_) throw usage_error("'{}' of {} is given twice", name_, subject.text());
    T value{};
    if (element.get(value) != simdjson::SUCCESS)
      throw usage_error("'{}' of {} must be {}", name_, subject.text(), type_);
    value_ = value;
    return true;
  }
  // Throws kUsage where it is not there.
  const T& required(const Subject& subject) const {
    if (!value_) throw usage_error("{} lacks '{}' ({})", subject.text(), name_, type_);
    return *value_;
  }
  [[nodiscard]] const std::optional<T>& value() const { return value_; }

 private:
  const char* name_;
  const char* type_;
  std::optional<T> value_;
};

// Offers each member of the object to those that are known; others are left alone.
template <class... Members>
void take_members(const simdjson::dom::object& object, const Subject& subject, Members&... members) {
  for (const auto field : object) (members.take(field.key, field.value, subject) || ...);
}

}  // namespace millrace
