// What has changed from one version of data to another, from their manifests alone: no shard is read.
#pragma once

#include "base/json.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"

namespace millrace {

// {"rows": [before, after], "rejected": [before, after],
//  "schema": {"added": [{"name", "type"}], "removed": […], "retyped": [{"name", "types": [before, after]}],
//             "reordered": whether the columns that both have stand in another order},
//  "sources": {"added": [{"name", "rows", "bytes"}], "removed": […],
//              "changed": [{"name", "rows": [before, after], "bytes": [before, after]}], "unchanged": how
//              many},
//  "shards": {"shared", "shared_bytes", "new", "new_bytes", "gone", "gone_bytes"},
//  "columns": [column_change() of each column that both have, the largest psi first]}
// Sources are paired by their digests, and what is left by name, in order.
Json diff_datasets(const Workspace& workspace, const Dataset& before, const Dataset& after);

}  // namespace millrace
