// The typed configuration of a pipeline. What each key means, its default and its limits are declared once,
// in describe*.hpp beside this file; reading, `config --explain`, `--schema` and the resolved copy all follow
// from there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/alerts_config.hpp"
#include "config/cost_config.hpp"
#include "config/mark.hpp"
#include "config/monitoring_config.hpp"
#include "config/retrain_config.hpp"
#include "config/secret.hpp"
#include "config/tuning_config.hpp"

namespace millrace {

// A number, or an expression over row_index and the columns that is true for the rows of that part.
struct SplitPart {
  double share = 0;
  std::optional<SourceText> expression;
};

struct SplitConfig {
  SplitPart test{0.2, {}};
  SplitPart validation{0.1, {}};  // a share is of the rows that are not test
  std::string key;                // shares: rows with the same value of this column stay together
  std::string time;               // shares: the latest rows by this column are test
};

struct TargetConfig {
  SourceText column;
  std::vector<std::string> positive;  // binary: the levels (or spellings) that count as 1
  std::string task;                   // "binary", "multiclass", "regression"; empty: found from the data
};

// Where s3:// sources are, and who asks for them. What is left out comes from the usual variables
// (AWS_REGION, AWS_ACCESS_KEY_ID, …).
struct S3Config {
  std::string endpoint;  // empty: Amazon's
  std::string region;    // empty: AWS_REGION, AWS_DEFAULT_REGION, or us-east-1
  std::optional<bool>
      path_style;  // the bucket in the path, not in the host's name; nothing: with an endpoint
  std::optional<Secret> access_key;
  std::optional<Secret> secret_key;
  std::optional<Secret> session_token;
  bool anonymous = false;  // requests are not signed
};

// How s3:// and https:// sources are fetched.
struct TransferConfig {
  std::uint64_t part_bytes = std::uint64_t{8} << 20U;  // of one request
  std::uint32_t connections = 4;                       // at once, of each rank
  std::uint32_t attempts = 5;                          // at each request
  double retry_seconds = 0.2;  // before the second; doubled before each further one, up to 20
  double connect_seconds = 10;
  double stall_seconds = 30;  // without a byte, until an attempt is given up
};

// Shares of all records that may be rejected, by what is wrong with them (ingestion/rejects.hpp); nothing:
// that kind counts to max_rejected_share.
struct RejectLimits {
  std::optional<double> cast, missing_columns, too_many_columns, quote, line_size, encoding, nul;
};

struct DataConfig {
  std::vector<SourceText> source;        // files, globs, folders, addresses; "-": standard input
  std::optional<SourceText> partitions;  // of folders KEY=VALUE, only those for which this is true are read
  S3Config s3;
  TransferConfig transfer;
  SourceText table;          // of HDF5 files: the path of a dataset or group; empty: the only one
  std::string valid_suffix;  // of HDF5 files: column NAME is present where NAME + this is true; empty: none
  TargetConfig target;
  std::string encoding = "utf-8";
  std::string delimiter = ",";  // "auto": found from the first file
  std::string quote = "\"";
  std::string escape;   // takes the next character literally; empty: none
  std::string comment;  // lines that begin with it are skipped; empty: none
  bool header = true;
  std::vector<std::string> names;           // column names; required where there is no header
  std::map<std::string, SourceText> types;  // declared column types; the others are inferred
  std::map<std::string, SourceText>
      formats;  // of dates and timestamps that are not written as ISO 8601 has it
  std::vector<std::string> missing{""};
  bool trim = false;
  std::vector<SourceText> drop;
  std::optional<SourceText> filter;  // rows for which this expression is not true are left out
  SplitConfig split;
  double max_rejected_share = 0.001;  // of the kinds without a limit of their own
  RejectLimits max_rejected;
  std::uint64_t block_bytes = std::uint64_t{8} << 20U;
  std::uint64_t shard_bytes = std::uint64_t{64} << 20U;
  std::uint32_t threads = 0;               // of each rank; 0: the cores that it may use
  std::string branch = "main";             // of the dataset's history, which a run moves
  std::vector<std::string> publish_check;  // a program and its arguments; empty: none
  double publish_check_seconds = 600;
};

enum class Action { kWarn, kReject, kIgnore };

struct MissingRule {
  double max_share = 0.10;
  Action action = Action::kReject;
};

struct OutlierRule {
  std::string method = "iqr";  // or "none"
  double multiplier = 1.5;
  double max_share = 0.05;
  Action action = Action::kWarn;
};

struct RowCountRule {
  std::uint64_t min = 1;
  std::optional<std::uint64_t> max;
  Action action = Action::kReject;
};

// One entry of validation.expect: a column and one or more checks on its present values.
struct Expectation {
  SourceText column;
  std::optional<SourceText> type;
  std::optional<double> max_missing;                                               // share of missing values
  std::optional<std::pair<std::optional<double>, std::optional<double>>> between;  // inclusive, null is open
  std::optional<std::vector<std::string>> in_set;
  std::optional<SourceText> regex;  // found anywhere in the value: anchor with ^ and $
  bool unique = false;
  double mostly = 1.0;  // the share of present values that must pass
  Action action = Action::kReject;
};

struct LeakageRule {
  double max_power = 0.98;
  Action action = Action::kWarn;
};

// How the data may differ from the last accepted data of the pipeline.
struct ReferenceRules {
  std::string dataset = "last";  // or "none"
  Action schema = Action::kReject;
  Action changes = Action::kWarn;
  double rows_factor = 2;
  double missing = 0.02;  // this and those below: shares of rows, on top of what chance does
  double unseen = 0.01;
  double repeated = 0.01;
  double shift = 0.10;
};

struct ValidationConfig {
  MissingRule missing;
  OutlierRule outliers;
  RowCountRule rows;
  LeakageRule leakage;
  ReferenceRules reference;
  std::vector<std::string> required;  // columns that must exist
  std::vector<Expectation> expect;
};

struct NumericFeature {
  std::string impute = "median";  // median, mean, zero
  bool indicator = true;  // adds a 0/1 input for "was missing", where training rows had missing values
  std::string scale = "standard";  // standard, none
  bool log1p = false;
  std::optional<std::pair<double, double>> clip;  // quantiles of the training rows, such as [0.01, 0.99]
  std::uint32_t bins = 0;                         // quantile bins; the bin is a categorical input. 0: none
};

struct CategoricalFeature {
  std::string encode = "auto";  // onehot, embedding; auto: one-hot up to onehot_max levels
  std::uint32_t onehot_max = 16;
  std::uint32_t min_count = 2;  // rarer levels share one level
  std::uint32_t max_levels = 100000;
  std::uint32_t dimension = 0;  // of an embedding; 0: from the number of levels
};

// Settings of one column that differ from the general ones: a key that is left out keeps the general value.
struct ColumnFeature {
  std::string kind;  // "numeric" or "categorical"; empty: by column type
  NumericFeature numeric;
  CategoricalFeature categorical;
};

struct FeaturesConfig {
  NumericFeature numeric;
  CategoricalFeature categorical;
  std::map<std::string, ColumnFeature> columns;
};

struct ModelConfig {
  std::vector<std::uint32_t> hidden{64, 32};
  std::string activation = "relu";  // relu, gelu, tanh
  double dropout = 0;
  bool skip = false;  // a linear path from the inputs to the outputs beside the hidden layers
};

struct EarlyStopping {
  std::uint32_t patience = 5;  // epochs without improvement of the validation loss
  double min_delta = 0;
};

struct CheckpointConfig {
  std::uint64_t every_steps = 200;
  std::uint32_t keep = 2;
};

struct TrainingConfig {
  std::uint64_t seed = 1;
  std::uint32_t epochs = 30;
  std::uint32_t batch_size = 256;
  double learning_rate = 1e-3;
  double weight_decay = 1e-4;
  double warmup = 0.05;                // share of all steps
  std::string schedule = "cosine";     // cosine, constant
  std::string class_weights = "none";  // none, balanced
  double gradient_clip = 0;            // global norm; 0: off
  std::optional<EarlyStopping> early_stopping = EarlyStopping{};
  CheckpointConfig checkpoint;
  bool deterministic = false;
  std::string device = "auto";     // auto, cpu, cuda
  std::string precision = "tf32";  // of matrix products on a GPU: fp32, tf32, bf16
  std::uint32_t lanes = 64;
  std::uint64_t window_rows = std::uint64_t{1} << 20U;
  std::uint32_t threads = 1;  // of each rank
};

struct GateConfig {
  std::string metric;           // empty: auc, accuracy or rmse by task
  double not_worse_by = 0.002;  // than the registered champion, on the same test rows
  std::optional<double> min;    // the metric must be at least (or, for errors, see max)
  std::optional<double> max;
};

struct EvaluationConfig {
  double threshold = 0.5;  // of the positive class, for accuracy and F1
  std::uint32_t calibration_bins = 10;
  std::uint32_t resamples = 1000;                   // of the bootstrap; fewer for many rows. 0: no intervals
  std::optional<std::vector<SourceText>> segments;  // columns; nothing: those with few values
  std::optional<GateConfig> gate = GateConfig{};
};

// Where runs that end well are shown; docs/mlflow.md.
struct MlflowConfig {
  std::string uri;         // empty: nowhere
  std::string experiment;  // empty: named like the model
  std::optional<Secret> token;
};

struct RegistryConfig {
  std::string model;  // registered name; empty: the pipeline's name
  MlflowConfig mlflow;
};

// What only people know of a model, for its card.
struct CardConfig {
  std::string purpose;
  std::string limits;
  std::string contact;
  std::string licence;                      // of the model
  std::string data_licence;                 // of what it was trained on
  std::map<std::string, SourceText> units;  // column → unit
};

struct PackageConfig {
  std::uint32_t golden_rows = 16;
  std::string sign_key;  // file of an ssh key; empty: artifacts are not signed
  CardConfig card;
};

// How a new version takes an endpoint over: docs/deployment.md.
struct DeploymentConfig {
  std::string endpoint;  // empty: the pipeline's name
  std::string mode = "canary";
  double canary = 10;                  // percent
  std::vector<double> steps{50, 100};  // percent
  double window = 60;                  // seconds
  std::uint64_t min_requests = 100;
  double patience = 600;  // seconds
  std::string quiet = "promote";
  double latency_p99 = 0.1;  // seconds
  double max_error_rate = 0.01;
  double max_drift = 0.25;
  double min_agreement = 0.8;
  std::optional<double> accuracy_margin;  // of late labels; none: they are only reported
  bool retry = false;
  std::string signers;
  std::string server = "none";
};

// Seconds; 0: none. See base/watchdog.hpp.
struct DeadlinesConfig {
  double collective = 600;
  double file = 600;
};

struct PipelineConfig {
  std::string name;
  std::string workspace = "workspace";  // relative to the configuration file
  DataConfig data;
  ValidationConfig validation;
  FeaturesConfig features;
  ModelConfig model;
  TrainingConfig training;
  IncrementalConfig retrain;
  TuningConfig tuning;
  EvaluationConfig evaluation;
  RegistryConfig registry;
  PackageConfig package;
  DeploymentConfig deployment;
  MonitoringConfig monitoring;
  CostConfig cost;
  AlertsConfig alerts;
  DeadlinesConfig deadlines;
};

}  // namespace millrace
