// One entry of a journal (storage/journal.hpp) and its fields, read without building the whole document: tens
// of thousands of entries are folded in milliseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace millrace {

// Texts with so many bytes to spare behind their end are parsed where they are, others are copied first.
inline constexpr std::size_t kJournalPadding = 64;

struct JournalEntry {
  std::uint64_t number = 0;
  Digest digest;         // of `text`
  std::string text;      // JSON, as it was published
  std::string previous;  // digest of the entry before, in hexadecimal; empty for the first

  [[nodiscard]] Json content() const;
};

// Fields by their JSON pointers: "/model", "/details/weights". What is missing or of another type is an error
// (kResource) that names the entry and the field.
class JournalFields {
 public:
  // `subject` is what messages call the journal: "registry"; with its folder they name whole paths.
  explicit JournalFields(std::string subject, std::string folder = "");
  ~JournalFields();
  JournalFields(JournalFields&&) noexcept;
  JournalFields& operator=(JournalFields&&) noexcept;

  // Fields are those of this text from now on, which must outlive their reading. Throws kDamagedJournal where
  // it is no JSON object.
  void open(std::uint64_t number, const std::string& text);

  [[nodiscard]] std::string text(const char* pointer) const;
  [[nodiscard]] std::uint64_t number(const char* pointer) const;
  [[nodiscard]] std::vector<std::uint64_t> numbers(const char* pointer) const;
  void require_object(const char* pointer) const;
  [[nodiscard]] std::string text_or(const char* pointer, const std::string& otherwise) const;
  // Whether it is null or missing.
  [[nodiscard]] bool is_null(const char* pointer) const;
  // The members of an object that are numbers; none where it is no object.
  using Numbers = std::vector<std::pair<std::string, double>>;
  [[nodiscard]] Numbers numbers_in(const char* pointer) const;
  // "registry entry 000000042.json", with its folder: "registry entry 'workspace/registry/000000042.json'"
  [[nodiscard]] std::string what() const;

 private:
  template <class T>
  [[nodiscard]] T refuse(const char* pointer) const;

  struct Document;
  std::string subject_;
  std::string folder_;
  std::uint64_t number_ = 0;
  const std::string* text_ = nullptr;
  std::unique_ptr<Document> document_;
};

}  // namespace millrace
