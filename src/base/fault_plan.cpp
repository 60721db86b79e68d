#include "base/fault_plan.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::array<const char*, 3> kPublishedNames{"checkpoint", "object", "journal"};
constexpr int kErrorNumbers = 134;  // Linux has fewer

// One item of the plan, for messages.
struct Item {
  std::string_view text;
  [[nodiscard]] Error wrong(const std::string& what) const {
    return {Topic::kFaultPlan, "MILLRACE_FAULTS: '{}': {}; docs/faults.md has the language", text, what};
  }
};

template <class Names>
std::size_t index_in(const Names& names, std::string_view word, const std::string& what, const Item& item) {
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) {
    throw item.wrong(
        fmt::format("'{}' is no {}: it is one of {}", word, what, join({names.begin(), names.end()}, ", ")));
  }
  return static_cast<std::size_t>(found - names.begin());
}

template <class Number>
Number number_in(std::string_view text, const std::string& what, const Item& item) {
  Number value{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      value < Number{0}) {
    throw item.wrong(fmt::format("'{}' is no {}", text, what));
  }
  return value;
}

// Cuts "@rankN" off the end.
std::optional<int> take_rank(std::string_view& text, const Item& item) {
  constexpr std::string_view kRank = "@rank";
  const auto at = text.rfind(kRank);
  if (at == std::string_view::npos) return std::nullopt;
  const int rank = number_in<int>(text.substr(at + kRank.size()), "rank", item);
  text = text.substr(0, at);
  return rank;
}

// ENOSPC → 28; 0 for what is no such name.
int error_number_of(std::string_view name) {
  for (int number = 1; number < kErrorNumbers; ++number) {
    const char* known = ::strerrorname_np(number);
    if (known != nullptr && name == known) return number;
  }
  return 0;
}

constexpr std::string_view kDelay = "delay=";

// Of "delay=2.5s"; nothing for another effect.
std::optional<double> delay_in(std::string_view text, const Item& item) {
  if (!text.starts_with(kDelay) || !text.ends_with('s')) return std::nullopt;
  return number_in<double>(text.substr(kDelay.size(), text.size() - kDelay.size() - 1), "number of seconds",
                           item);
}

void read_effect(std::string_view text, Fault& fault, const Item& item) {
  const bool is_file = fault.operation != Operation::kCollective;
  const bool moves_bytes = fault.operation == Operation::kRead || fault.operation == Operation::kWrite;
  if (text == "drop") {
    fault.effect = FaultEffect::kDrop;
  } else if (text == "freeze") {
    fault.effect = FaultEffect::kFreeze;
  } else if (const auto delay = delay_in(text, item)) {
    fault.effect = FaultEffect::kDelay;
    fault.seconds = *delay;
  } else if (text == "short" && moves_bytes) {
    fault.effect = FaultEffect::kShort;
  } else if (is_file && error_number_of(text) != 0) {
    fault.error_number = error_number_of(text);
  } else {
    throw item.wrong(fmt::format("'{}' cannot happen to a {}: {}delay=2s, drop or freeze can", text,
                                 kOperationNames[static_cast<std::size_t>(fault.operation)],
                                 moves_bytes ? "an error such as ENOSPC, short, "
                                 : is_file   ? "an error such as ENOSPC, "
                                             : ""));
  }
}

Fault read_fault(const std::vector<std::string>& parts, const Item& item) {
  if (parts.size() != 3) throw item.wrong("a fault is OPERATION:NUMBER:EFFECT, as in write:17:ENOSPC");
  Fault fault;
  fault.operation = static_cast<Operation>(index_in(kOperationNames, parts[0], "operation", item));
  std::string_view number = parts[1];
  fault.onwards = number.ends_with('+');
  if (fault.onwards) number.remove_suffix(1);
  fault.first = number_in<std::uint64_t>(number, "number", item);
  if (fault.first == 0) throw item.wrong("operations are counted from 1");
  read_effect(parts[2], fault, item);
  return fault;
}

SlowVersion read_slow_version(const std::vector<std::string>& parts, const Item& item) {
  const auto delay = parts.size() == 3 ? delay_in(parts[2], item) : std::nullopt;
  if (!delay)
    throw item.wrong("a slow version is score:MODEL/VERSION:delay=SECONDSs, as in score:churn/8:delay=0.2s");
  return {parts[1], *delay};
}

void read_item(std::string_view text, FaultPlan& plan) {
  const Item item{text};
  if (text == "count") {
    plan.count = true;
    return;
  }
  const std::optional<int> rank = take_rank(text, item);
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() == 2 && parts[0] == "bitflip") {
    const auto kind = index_in(kPublishedNames, parts[1], "published file", item);
    plan.flips.push_back({static_cast<PublishedKind>(kind), rank});
    return;
  }
  if (parts.front() == "score") {
    plan.slow_versions.push_back(read_slow_version(parts, item));
    return;
  }
  plan.faults.push_back(read_fault(parts, item));
  plan.faults.back().rank = rank;
}

}  // namespace

FaultPlan parse_fault_plan(std::string_view text) {
  FaultPlan plan;
  for (const std::string& part : split(text, ';')) {
    if (const std::string_view item = trim(part); !item.empty()) read_item(item, plan);
  }
  return plan;
}

}  // namespace millrace
