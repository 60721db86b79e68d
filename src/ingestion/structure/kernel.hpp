// What the kernels of structure/ have in common. Plain data only: their translation units are compiled for
// newer instruction sets, and an inline function of a library header that came from one of them could end up
// in code that runs everywhere.
#pragma once

#include <cstddef>
#include <cstdint>

namespace millrace {

// Of an automaton over the bytes of a CSV file. A quote leads into quotes only as a field's first byte;
// elsewhere in an unquoted field it is a character like any other. In a quoted field two quotes are one: the
// first leads out, the second in again. What follows an escape character is a character like any other,
// inside quotes and outside. A comment character as a record's first byte makes all up to the line break a
// comment, in which neither quotes nor escapes are any.
enum class QuoteState : std::uint8_t {
  kReady,   // at a field's first byte, or right behind a quote that led out: a quote leads into quotes
  kPlain,   // further on in a field, outside quotes
  kQuoted,  // inside
  // Only where there is an escape or comment character:
  kEscaped,        // behind an escape character, outside quotes
  kQuotedEscaped,  // and inside
  kMidRecord,      // as kReady, which is then only at a record's first byte, where a comment may begin
  kComment,        // in a comment
};
inline constexpr std::size_t kPlainStates = 3;  // those of a dialect without escapes and comments
inline constexpr std::size_t kQuoteStates = 7;

struct CsvBytes {
  char delimiter = ',';
  char quote = '"';
  bool has_quote = true;  // false: nothing is quoted
  char escape = '\0';     // '\0': none
  char comment = '\0';    // '\0': none
};

// One stretch of text, and what is found in it: counts and state may be those of the stretch before. Each
// array has room for size + kScanSlack positions more.
inline constexpr std::size_t kScanSlack = 64;
struct StructureScan {
  const char* text = nullptr;
  std::size_t size = 0;
  std::uint32_t first = 0;  // position of text[0]; that of its end is less than 2^32
  CsvBytes bytes;
  QuoteState state = QuoteState::kReady;  // before the text; then behind it
  bool closed = false;                    // the byte before led out of quotes; then the last one

  std::uint32_t* ends = nullptr;  // positions of the delimiters and line breaks outside quotes
  std::size_t end_count = 0;
  std::uint32_t* record_ends = nullptr;  // which of `ends` are line breaks
  std::size_t record_count = 0;
  std::uint32_t* faults = nullptr;  // positions of bytes behind a closing quote that end no field
  std::size_t fault_count = 0;
};

// 64 bytes compared, a bit each.
struct ByteMasks {
  std::uint64_t quote = 0;
  std::uint64_t delimiter = 0;
  std::uint64_t line_break = 0;  // CR or LF
  std::uint64_t carriage_return = 0;
  std::uint64_t escape = 0;
  std::uint64_t comment = 0;
};

struct StructureKernel {
  const char* name;
  void (*scan)(StructureScan&);
  // The state behind a text that begins in `state`.
  QuoteState (*advance)(QuoteState state, const char* text, std::size_t size, const CsvBytes& bytes);
  // CR, LF and CRLF each count once, a CRLF where its CR stands; `before` is the byte in front of the text.
  std::uint64_t (*line_breaks)(char before, const char* text, std::size_t size);
};

// One word at a time, without any instruction of its own: the oracle of the others.
extern const StructureKernel kScalarKernel;
#if defined(__x86_64__)
extern const StructureKernel kAvx2Kernel;    // AVX2, PCLMULQDQ
extern const StructureKernel kAvx512Kernel;  // AVX-512 BW and VBMI2, PCLMULQDQ
#endif

}  // namespace millrace
