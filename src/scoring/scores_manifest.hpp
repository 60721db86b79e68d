// Inside scoring/: what a folder of scores says of itself, and what is made of its parts at the end. Rank 0's
// work.
#pragma once

#include <vector>

#include "scoring/score.hpp"

namespace millrace {

// What the parts of a folder have in common: models, sources and how they are read, columns, format.
Json scores_identity(const ScoringRequest& request, const ScoreOutput& output,
                     const std::vector<SourceFile>& files, const Json& reading);
// Makes the folder that of these scores. Returns their manifest where they are whole already, else null.
// Throws kUsage (kOtherScores) for a folder of others.
Json claim_folder(const ScoreOutput& output, const Json& identity);

// Of all parts, in order.
Json scores_manifest(const ScoringRequest& request, const Json& identity, const ScoreColumns& columns,
                     const std::vector<ScoresPart>& parts);
// Publishes the table of rejected records, then throws kDataRejected where they are too many.
void publish_rejected(const ScoreOutput& output, const Json& manifest, double max_share);
// The same check without a table.
void require_few_rejected(const Json& manifest, double max_share, const std::string& table);
// Puts the parts together, where that is wanted, and publishes the manifest, which tells of it then.
void publish_scores(const ScoreOutput& output, const ScoreColumns& columns, Json& manifest);

}  // namespace millrace
