// The catalogue of what goes wrong: one topic a kind of trouble, with its exit code, an example, the cause
// and what to do. `throw Error(Topic::kDiskFull, "…")` names one; the message that ends a program points to
// it. docs/errors.md is catalogue(), which a test compares; another test finds for each topic the code that
// throws it and, for its example, the format that makes it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace millrace {

// In the catalogue's order.
enum class Topic : std::uint8_t {
  // files
  kMissingFile,
  kNoMatchingFile,
  kNotAFile,
  kPermissionDenied,
  kOpenFiles,
  kInputOutput,
  kFileChanged,
  kNamedTwice,
  kUnknownKind,
  kMissingSource,
  kDeniedSource,
  kUnreachableSource,
  kUnknownPacking,
  kTruncatedPacking,
  kDamagedPacking,
  kDamagedTable,
  kWhichTable,
  kColumnOfTable,
  kWrongEncoding,
  kEmptyFile,
  kNoRows,
  kUnsoundHeader,
  kUnnamedColumn,
  kDuplicateColumn,
  kDifferentColumns,
  kPartitions,
  kWrongDelimiter,
  kColumnNames,
  kUnclosedQuote,
  kRejectedRecords,
  // data
  kValidationRejected,
  kPublishRefused,
  kNoTrainingRows,
  kNoTestRows,
  kMissingTargets,
  kOneClassTarget,
  kConstantTarget,
  kManyClasses,
  kTargetLevel,
  kTargetType,
  kNoFeatures,
  kLargeValues,
  kTextAmongNumbers,
  kColumnType,
  kMissingColumn,
  kChangedType,
  kNumberTooLarge,
  // configuration
  kCommandLine,
  kInvalidYaml,
  kDuplicateKey,
  kUnknownKey,
  kMissingKey,
  kWrongValue,
  kContradiction,
  kEnvironmentVariable,
  kSecret,
  kUnknownColumn,
  kExpression,
  kRegularExpression,
  kUnknownName,
  kInvalidName,
  kFaultPlan,
  // workspace
  kDiskFull,
  kQuota,
  kReadOnly,
  kNoHardLinks,
  kNewerWorkspace,
  kNewerFormat,
  kMissingObject,
  kDamagedObject,
  kDamagedFile,
  kDamagedCheckpoint,
  kDamagedArtifact,
  kArtifactSignature,
  kDamagedJournal,
  kMissingEntry,
  kRegistryBusy,
  kUnknownRun,
  kUnfinishedRun,
  kUnknownModel,
  kUnknownVersion,
  kTagExists,
  // training
  kManyRanks,
  kDiverged,
  kNoGpu,
  kGpuFailed,
  kGate,
  kGoldenRows,
  kSearchSpace,
  kOtherSearch,
  kNoValidationRows,
  kNoTrial,
  // registry
  kUnknownStage,
  kNotApproved,
  kRefusedSignOff,
  kOtherHistory,
  kPolicy,
  kHookRefused,
  kSshKeygen,
  kSearch,
  kNoMlflow,
  kRefusedByMlflow,
  // processes
  kStopped,
  kOutOfMemory,
  kDeadline,
  kLauncherGone,
  // serving
  kNothingDeployed,
  kRolledBack,
  kNoDeployment,
  kPortInUse,
  kCannotListen,
  kUnreachableServer,
  kRefusedRequest,
  kFailedRequest,
  kTls,
  kAccessToken,
  kOtherScores,
  kNotExportable,
  // monitoring
  kDriftFound,
  kNoReference,
  kTriggerEvent,
  kRetraining,
  kNoPrice,
  kOverBudget,
  kNotDelivered,
  // anything else
  kUsage,
  kData,
  kResource,
  kInternal,
};

struct TopicEntry {
  Topic topic;
  ExitCode code;
  std::string_view id;       // its heading in docs/errors.md: "unclosed-quote"
  std::string_view title;    // a few words
  std::string_view example;  // a message
  std::string_view cause;
  std::string_view remedy;
};

struct TopicGroup {
  std::string_view title;
  std::span<const TopicEntry> entries;
};

std::span<const TopicGroup> topic_groups();
const TopicEntry& entry_of(Topic topic) noexcept;
std::optional<Topic> find_topic(std::string_view id);
std::vector<std::string> topic_ids();

// An entry, and all of them (docs/errors.md), in Markdown.
std::string explain(Topic topic);
std::string catalogue();
// "see docs/errors.md#disk-full, or: millrace explain disk-full"
std::string where_explained(const Error& error);

}  // namespace millrace
