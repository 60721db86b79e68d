// The body of every kernel, over 64 bytes at a time. Included once by each kernel's file, behind the
// includes, with a class Simd that says how that instruction set
//   static ByteMasks masks(const char* bytes, const CsvBytes&)   compares 64 bytes (without escape, comment),
//   static std::uint64_t equal(const char* bytes, char wanted)   does so with one,
//   static std::uint64_t prefix_xor(std::uint64_t bits)      sums bits modulo 2 from the lowest on, and
//   static std::size_t positions(std::uint64_t bits, std::uint32_t base, std::uint32_t* to)
//                                                            lists bits; it may write 64 positions whatever
//                                                            it finds.
//
// Quotes are masked by a prefix sum modulo 2: G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second",
// VLDB Journal 28 (2019). It takes every quote for one that leads in or out. Where one would lead in that
// stands in the middle of a field, those 64 bytes are read again one by one.
//
// Escaped bytes are taken out of all masks before that sum, as if they were any others. 64 bytes with a
// comment are read one by one.
#pragma once

namespace millrace {
namespace {

constexpr std::size_t kWord = 64;

// What the bytes before say about the next one. `quoted` is all ones or zero, the others are 0 or 1.
struct Carry {
  std::uint64_t quoted = 0;
  std::uint64_t ready = 0;
  std::uint64_t closed = 0;  // the byte before led out of quotes
  std::uint64_t escaped = 0;
  std::uint64_t record = 0;  // it is a record's first
  std::uint64_t comment = 0;

  explicit Carry(QuoteState state)
      : quoted(is_any(state, QuoteState::kQuoted, QuoteState::kQuotedEscaped) ? ~std::uint64_t{0} : 0),
        ready(is_any(state, QuoteState::kReady, QuoteState::kMidRecord) ? 1 : 0),
        escaped(is_any(state, QuoteState::kEscaped, QuoteState::kQuotedEscaped) ? 1 : 0),
        record(state == QuoteState::kReady ? 1 : 0),
        comment(state == QuoteState::kComment ? 1 : 0) {}

  [[nodiscard]] QuoteState state(const CsvBytes& bytes) const {
    if (comment != 0) return QuoteState::kComment;
    if (quoted != 0) return escaped != 0 ? QuoteState::kQuotedEscaped : QuoteState::kQuoted;
    if (escaped != 0) return QuoteState::kEscaped;
    if (ready == 0) return QuoteState::kPlain;
    return record != 0 || bytes.comment == '\0' ? QuoteState::kReady : QuoteState::kMidRecord;
  }

 private:
  static bool is_any(QuoteState state, QuoteState one, QuoteState other) {
    return state == one || state == other;
  }
};

struct Found {
  std::uint64_t delimiters = 0;   // outside quotes
  std::uint64_t line_breaks = 0;  // outside quotes
  std::uint64_t faults = 0;
};

std::uint64_t exchange(std::uint64_t& value, std::uint64_t by) {
  const std::uint64_t before = value;
  value = by;
  return before;
}

// No escapes, no comments.
bool is_plain(const CsvBytes& bytes) {
  return bytes.escape == '\0' && bytes.comment == '\0';
}

std::uint64_t low_bits(std::size_t count) {
  return count == kWord ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

// All rules, one byte after the other.
[[gnu::noinline]] Found resolve_bytewise(const ByteMasks& masks, std::size_t size, Carry& carry) {
  Found found;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const bool is_escaped = exchange(carry.escaped, 0) != 0;
    const bool quote = !is_escaped && (masks.quote & bit) != 0;
    const bool ends_field = !is_escaped && ((masks.delimiter | masks.line_break) & bit) != 0;
    const bool begins_record = exchange(carry.record, 0) != 0;
    carry.comment |= begins_record && (masks.comment & bit) != 0 ? 1 : 0;
    if (carry.comment != 0) {
      const std::uint64_t ends = (masks.line_break & bit) != 0 ? 1 : 0;
      found.line_breaks |= masks.line_break & bit;
      carry.comment = 1 - ends;
      carry.ready = carry.record = ends;
      continue;
    }
    carry.escaped = !is_escaped && (masks.escape & bit) != 0 ? 1 : 0;
    if (carry.quoted != 0) {
      carry.quoted = quote ? 0 : carry.quoted;
      carry.ready = carry.closed = quote ? 1 : 0;
      continue;
    }
    if (quote && carry.ready != 0) {
      carry.quoted = ~std::uint64_t{0};
    } else if (ends_field) {
      found.delimiters |= masks.delimiter & bit;
      found.line_breaks |= masks.line_break & bit;
      carry.record = (masks.line_break & bit) != 0 ? 1 : 0;
    } else if (carry.closed != 0) {
      found.faults |= bit;
    }
    carry.ready = ends_field ? 1 : 0;
    carry.closed = 0;
  }
  return found;
}

// Those behind an escape character that is not escaped itself; `carry` is of the byte before, then of the
// last.
std::uint64_t escaped_bytes(std::uint64_t escapes, std::size_t size, std::uint64_t& carry) {
  std::uint64_t escaped = exchange(carry, 0);
  escapes &= ~escaped;
  while (escapes != 0) {
    const auto at = static_cast<std::size_t>(__builtin_ctzll(escapes));
    if (at + 1 == size) {
      carry = 1;
      break;
    }
    escaped |= std::uint64_t{2} << at;
    escapes &= ~(std::uint64_t{3} << at);
  }
  return escaped;
}

// `size` bytes, at most 64; no bit is set behind them. Inlined by force, as what follows: there are two kinds
// of loops over words, and GCC 12 would rather call this, which costs a third of their speed.
[[gnu::always_inline]] inline Found resolve(const ByteMasks& masks, std::size_t size, Carry& carry) {
  const std::uint64_t quoted = Simd::prefix_xor(masks.quote) ^ carry.quoted;
  const std::uint64_t leads = masks.quote | masks.delimiter | masks.line_break;
  const std::uint64_t opening = masks.quote & quoted;
  if ((opening & ~((leads << 1) | carry.ready)) != 0) return resolve_bytewise(masks, size, carry);
  const std::uint64_t closing = masks.quote & ~quoted;
  const Found found{masks.delimiter & ~quoted, masks.line_break & ~quoted,
                    ((closing << 1) | carry.closed) & ~leads & low_bits(size)};
  const std::size_t last = size - 1;
  carry.quoted = (quoted >> last & 1U) != 0 ? ~std::uint64_t{0} : 0;
  carry.closed = closing >> last & 1U;
  carry.ready = (found.delimiters | found.line_breaks | closing) >> last & 1U;
  return found;
}

// The same where there may be escapes and comments.
[[gnu::always_inline]] inline Found resolve_any(ByteMasks masks, std::size_t size, Carry& carry) {
  const std::uint64_t may_be_comments = masks.comment & ((masks.line_break << 1) | carry.record);
  if (may_be_comments != 0 || carry.comment != 0) return resolve_bytewise(masks, size, carry);
  std::uint64_t escaped_behind = carry.escaped;
  const std::uint64_t escaped = escaped_bytes(masks.escape, size, escaped_behind);
  masks.quote &= ~escaped;
  masks.delimiter &= ~escaped;
  masks.line_break &= ~escaped;
  masks.escape = 0;  // they have done what they do
  carry.escaped = 0;
  const Found found = resolve(masks, size, carry);
  carry.escaped = escaped_behind;
  carry.record = found.line_breaks >> (size - 1) & 1U;
  return found;
}

template <bool kIsPlain>
[[gnu::always_inline]] inline Found resolve_as(const ByteMasks& masks, std::size_t size, Carry& carry) {
  return kIsPlain ? resolve(masks, size, carry) : resolve_any(masks, size, carry);
}

template <bool kIsPlain>
[[gnu::always_inline]] inline ByteMasks masks_of(const char* text, const CsvBytes& bytes) {
  ByteMasks masks = Simd::masks(text, bytes);
  if (!kIsPlain && bytes.escape != '\0') masks.escape = Simd::equal(text, bytes.escape);
  if (!kIsPlain && bytes.comment != '\0') masks.comment = Simd::equal(text, bytes.comment);
  return masks;
}

// Calls `visit(position, masks, size)` for each 64 bytes; what lies behind the text is not looked at.
template <bool kIsPlain, class Visit>
void for_each_word(const char* text, std::size_t size, const CsvBytes& bytes, Visit&& visit) {
  std::size_t at = 0;
  for (; at + kWord <= size; at += kWord) visit(at, masks_of<kIsPlain>(text + at, bytes), kWord);
  if (at == size) return;
  char rest[kWord] = {};
  __builtin_memcpy(rest, text + at, size - at);
  ByteMasks masks = masks_of<kIsPlain>(rest, bytes);
  const std::uint64_t inside = low_bits(size - at);
  masks.quote &= inside;
  masks.delimiter &= inside;
  masks.line_break &= inside;
  masks.carriage_return &= inside;
  masks.escape &= inside;
  masks.comment &= inside;
  visit(at, masks, size - at);
}

// Numbers, among all ends, those that are line breaks.
std::size_t number_records(std::uint64_t ends, std::uint64_t line_breaks, std::size_t first,
                           std::uint32_t* to) {
  std::size_t count = 0;
  for (; line_breaks != 0; line_breaks &= line_breaks - 1) {
    const std::uint64_t before = (line_breaks & (~line_breaks + 1)) - 1;
    to[count++] =
        static_cast<std::uint32_t>(first + static_cast<std::size_t>(__builtin_popcountll(ends & before)));
  }
  return count;
}

template <bool kIsPlain>
void scan_as(StructureScan& scan) {
  Carry carry(scan.state);
  carry.closed = scan.closed ? 1 : 0;
  for_each_word<kIsPlain>(
      scan.text, scan.size, scan.bytes, [&](std::size_t at, const ByteMasks& masks, std::size_t size) {
        const Found found = resolve_as<kIsPlain>(masks, size, carry);
        const std::uint64_t ends = found.delimiters | found.line_breaks;
        const auto base = scan.first + static_cast<std::uint32_t>(at);
        scan.record_count +=
            number_records(ends, found.line_breaks, scan.end_count, scan.record_ends + scan.record_count);
        scan.end_count += Simd::positions(ends, base, scan.ends + scan.end_count);
        if (found.faults != 0)
          scan.fault_count += Simd::positions(found.faults, base, scan.faults + scan.fault_count);
      });
  scan.state = carry.state(scan.bytes);
  scan.closed = carry.closed != 0;
}

void scan(StructureScan& scan) {
  is_plain(scan.bytes) ? scan_as<true>(scan) : scan_as<false>(scan);
}

template <bool kIsPlain>
QuoteState advance_as(QuoteState state, const char* text, std::size_t size, const CsvBytes& bytes) {
  Carry carry(state);
  for_each_word<kIsPlain>(text, size, bytes, [&](std::size_t, const ByteMasks& masks, std::size_t count) {
    resolve_as<kIsPlain>(masks, count, carry);
  });
  return carry.state(bytes);
}

QuoteState advance(QuoteState state, const char* text, std::size_t size, const CsvBytes& bytes) {
  return is_plain(bytes) ? advance_as<true>(state, text, size, bytes)
                         : advance_as<false>(state, text, size, bytes);
}

std::uint64_t line_breaks(char before, const char* text, std::size_t size) {
  std::uint64_t count = 0;
  std::uint64_t behind_cr = before == '\r' ? 1 : 0;
  for_each_word<true>(text, size, CsvBytes{}, [&](std::size_t, const ByteMasks& masks, std::size_t) {
    const std::uint64_t second_half =
        masks.line_break & ~masks.carriage_return & ((masks.carriage_return << 1) | behind_cr);
    count += static_cast<std::uint64_t>(__builtin_popcountll(masks.line_break & ~second_half));
    behind_cr = masks.carriage_return >> (kWord - 1);
  });
  return count;
}

}  // namespace
}  // namespace millrace
