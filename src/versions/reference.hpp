// How people name a version of a dataset: NAME[@REF][~N].
//   churn              what branch main means; the only branch, where there is no main
//   churn@trial        a branch or a tag
//   churn@1f3a5b       a version, by the first 4 or more digits of its digest
//   churn@main~2       two moves of the branch before
#pragma once

#include <string>

#include "versions/history.hpp"

namespace millrace {

struct VersionName {
  std::string dataset;
  std::string reference;  // behind the '@'; empty: none
  std::uint64_t back = 0;
};
// Throws kUsage where it is none.
VersionName parse_version_name(const std::string& text);

// Throws kResource where the workspace has no history of it, with near misses.
HistoryState find_history(const Workspace& workspace, const std::string& dataset);

struct NamedVersion {
  std::string dataset;
  Digest version;
};
// Throws kResource for what there is not, with near misses; kUsage for a text that is no name, or the
// beginning of several versions.
NamedVersion find_version(const Workspace& workspace, const std::string& text);

}  // namespace millrace
