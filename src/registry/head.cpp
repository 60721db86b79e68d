#include "registry/head.hpp"

#include "base/json.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr const char* kHeadPurpose = "millrace registry head";

}  // namespace

HeadStatement head_of(const RegistryState& state) {
  if (state.entries == 0)
    throw Error(Topic::kUnknownModel, "the registry is empty: there is no head to sign");
  return {state.entries, state.head, now_rfc3339()};
}

std::string to_text(const HeadStatement& statement) {
  return pretty_json({{"purpose", kHeadPurpose},
                      {"entries", statement.entries},
                      {"head", statement.head.hex()},
                      {"time", statement.time}});
}

HeadStatement parse_head(const std::string& text) {
  try {
    const std::string what = "the evidence";
    const Json json = parse_json(text, what);
    if (json_get<std::string>(json, "purpose", what) != kHeadPurpose)
      throw Error(Topic::kResource, "of another kind");
    return {json_get<std::uint64_t>(json, "entries", what),
            Digest::from_hex(json_get<std::string>(json, "head", what)),
            json_get<std::string>(json, "time", what)};
  } catch (const Error& error) {
    throw Error(Topic::kRefusedSignOff,
                "this is no head of a registry as `millrace registry head` writes it: {}", error.message());
  }
}

std::string contradiction(const RegistryState& state, const HeadStatement& statement) {
  if (statement.entries == 0 || statement.entries > state.entries) {
    return fmt::format("the history was cut: it had {} entries at {} and has {}", statement.entries,
                       statement.time, state.entries);
  }
  if (state.digests[statement.entries - 1] == statement.head) return "";
  return fmt::format("the history is another one: entry {} is not what it was at {}", statement.entries,
                     statement.time);
}

}  // namespace millrace
