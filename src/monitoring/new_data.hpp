// Which contents that `millrace watch` has seen still call for a retraining, and what holds that back.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "monitoring/data_watch.hpp"
#include "monitoring/retraining.hpp"

namespace millrace {

// The sources of the version that the pipeline's branch means; nothing where there is none.
struct DatasetContents {
  std::set<std::string> digests;
  double bytes_per_row = 0;  // of the files as they are; 0: there are no rows
};
DatasetContents contents_of_dataset(const PipelineConfig& config);

// What a pipeline has done so far.
struct PipelinePast {
  std::vector<BegunRetraining> begun;  // in order
  DatasetContents dataset;
  std::vector<Json> runs;  // run.json of its runs, in any order
};

enum class Fate {
  kNew,
  kTaken,    // it is in the dataset, or a retraining has begun for it
  kInDoubt,  // one may have begun: whoever began it was killed, or the run goes on
};

// The last retraining that has begun for a content decides. One that failed, or of whose outcome nothing is
// known, counts where a run since then has come to an answer (exit codes 0, 3 and 4).
Fate fate_of(const std::string& content, const PipelinePast& past);

// Those of which nothing is known after so long that they cannot have begun, at `now` (seconds since 1970).
std::vector<BegunRetraining> lost_retrainings(const PipelinePast& past, const RetrainConfig& rules,
                                              double now);

// Why no further one may begin after those that failed last, in words; "" where one may. The wait doubles
// with each failure, from ten minutes to a day.
std::string wait_after_failures(const std::vector<BegunRetraining>& begun, double now);

// About so many rows are in them, as many a byte as in the dataset; 0 where that is not known.
double rows_in(const std::vector<WatchedContent>& contents, const DatasetContents& dataset);

// Its id is the contents' digest.
RetrainCause cause_of(const std::vector<WatchedContent>& contents);

// "3 files: a.csv, b.csv and 1 more"
std::string named_files(const std::vector<std::string>& places);

}  // namespace millrace
