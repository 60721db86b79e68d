// What in a workspace is needed by something: the marking half of `millrace data gc`.
//
// Everything that names objects is text with digests in it (run records, registry entries, refs, manifests,
// feature sets, verdicts), so marking follows each digest of 64 digits that stands in what is needed, without
// knowing its formats: what a later stage begins to record is kept, too.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Without rules, all versions of branches and all runs stay. With one or both, those that either rule keeps.
struct KeepRules {
  std::optional<std::uint64_t> days;  // versions and runs of so many days
  std::optional<std::uint64_t> last;  // the newest versions of each branch, the newest runs of each pipeline

  [[nodiscard]] bool any() const { return days || last; }
};

struct Needed {
  std::set<Digest> objects;
  std::vector<std::string> runs_in_progress;  // names
};

// Needed are: what branches and tags mean, models and endpoints; the data accepted last and what it was
// compared with; runs in progress and those that a checkpoint could resume; and, as far as the rules keep
// them, earlier versions of branches and earlier runs. Recorded actions count without rules, and while a run
// is in progress, which may be about to take them up. Throws kResource where something cannot be read: what
// is not known to be needless stays.
Needed find_needed(const Workspace& workspace, const KeepRules& rules);

// Each word of exactly 64 hexadecimal digits.
std::vector<Digest> digests_in(std::string_view text);

}  // namespace millrace
