// What `millrace data list`, `log` and `show` tell, as JSON documents.
#pragma once

#include "base/json.hpp"
#include "ingestion/dataset.hpp"
#include "versions/history.hpp"
#include "versions/reference.hpp"

namespace millrace {

// {"dataset", "versions": how many, "branches": [{"branch", "version", "time", and the version's facts}, …],
// "tags": {tag: version}}; from the history alone.
Json describe_history(const HistoryState& history);

// The moves of a branch, newest first: [{"version", "parent", "branch", "time", "user", "tags", "kept"
// (whether its manifest is in place), and the version's facts: "run", "rows", …}, …].
Json describe_log(const Workspace& workspace, const HistoryState& history, const std::string& branch);

// {"dataset", "version", "branches", "tags", "rows", "rejected", "shards", "bytes", "columns", "sources",
// "rejects", "manifest": its path}.
Json describe_version(const Workspace& workspace, const NamedVersion& named);

// {"name", "type", "missing" (share), "distinct", "note"} and for numbers "min", "max", "mean", "deviation",
// "quantiles" ({"0.5": …}), for texts "most_frequent" ([[text, rows], …]). Dates as in a CSV file.
Json describe_column(const Field& field, const ColumnProfile& profile, const std::string& note);

}  // namespace millrace
