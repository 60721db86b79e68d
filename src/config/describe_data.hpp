// The keys of the section data: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

template <class Visitor>
void describe(Visitor& visitor, TargetConfig& target) {
  visitor.field("column", target.column, "The column to predict", {.required = true});
  visitor.field("positive", target.positive,
                "Two classes: the value (or spellings of it) that counts as 1; empty: the last in order");
  visitor.field("task", target.task, "What kind of target it is; empty: found from the data",
                {.words = {"", "binary", "multiclass", "regression"}});
}

template <class Visitor>
void describe(Visitor& visitor, SplitConfig& split) {
  const Limits share{.min = 0, .max = 1, .below_max = true};
  visitor.field("test", split.test, "Rows that only measure the finished model", share);
  visitor.field("validation", split.validation,
                "Rows that choose when to stop; a share is of the rows that are not test", share);
  visitor.field("key", split.key, "Shares: rows with the same value of this column stay together");
  visitor.field("time", split.time, "Shares: the latest rows by this column are test");
}

template <class Visitor>
void describe(Visitor& visitor, S3Config& s3) {
  visitor.field("endpoint", s3.endpoint, "Address of the object store; empty: Amazon's");
  visitor.field("region", s3.region, "Empty: AWS_REGION, AWS_DEFAULT_REGION, or us-east-1");
  visitor.field(
      "path_style", s3.path_style,
      "Whether the bucket is in the path, not in the host's name; null: where there is an endpoint");
  visitor.field("access_key", s3.access_key, "${secret:…}; null: AWS_ACCESS_KEY_ID");
  visitor.field("secret_key", s3.secret_key, "${secret:…}; null: AWS_SECRET_ACCESS_KEY");
  visitor.field("session_token", s3.session_token, "${secret:…}; null: AWS_SESSION_TOKEN, if set");
  visitor.field("anonymous", s3.anonymous, "Whether requests go unsigned, as for public buckets");
}

template <class Visitor>
void describe(Visitor& visitor, TransferConfig& transfer) {
  visitor.field("part_bytes", transfer.part_bytes, "Bytes of one request for a part of an object",
                {.min = 1, .max = 1U << 30U});
  visitor.field("connections", transfer.connections, "At once, of each rank", {.min = 1, .max = 64});
  visitor.field("attempts", transfer.attempts, "At each request, before the run stops",
                {.min = 1, .max = 100});
  visitor.field("retry_seconds", transfer.retry_seconds,
                "Before the second attempt; doubled before each further one, up to 20",
                {.min = 0, .max = 20});
  visitor.field("connect_seconds", transfer.connect_seconds, "Until an attempt to connect is given up",
                {.min = 0, .max = 3600, .above_min = true});
  visitor.field("stall_seconds", transfer.stall_seconds, "Without a byte, until an attempt is given up",
                {.min = 1, .max = 3600});
}

template <class Visitor>
void describe(Visitor& visitor, RejectLimits& limits) {
  const Limits share{.min = 0, .max = 1};
  visitor.field("cast", limits.cast, "A value that is not of its column's declared type", share);
  visitor.field("missing_columns", limits.missing_columns, "Fewer fields than there are columns", share);
  visitor.field("too_many_columns", limits.too_many_columns, "More fields than there are columns", share);
  visitor.field("quote", limits.quote, "Text between a closing quote and the next delimiter", share);
  visitor.field("line_size", limits.line_size, "Longer than block_bytes", share);
  visitor.field("encoding", limits.encoding, "A text that is no UTF-8", share);
  visitor.field("nul", limits.nul, "A NUL byte", share);
}

template <class Visitor>
void describe(Visitor& visitor, DataConfig& data) {
  const Limits column_name{.form = TextForm::kNotEmpty};
  visitor.field(
      "source", data.source,
      "Files, globs or folders, relative to this file; s3:// or https:// addresses; \"-\": standard input",
      {.required = true});
  visitor.field("partitions", data.partitions,
                "An expression over folders KEY=VALUE: only files for which it is true are read");
  visitor.field("table", data.table,
                "HDF5 files: the path of the dataset or group that is read; empty: the only one");
  visitor.field("valid_suffix", data.valid_suffix,
                "HDF5 files: a column NAME has a value where NAME and this is true; empty: none says so");
  visitor.section("s3", data.s3, "Where s3:// sources are, and who asks");
  visitor.section("transfer", data.transfer, "How s3:// and https:// sources are fetched");
  visitor.section("target", data.target, "What to predict");
  visitor.field("encoding", data.encoding,
                "What files are written in; utf-8 is also UTF-16 where its byte order mark stands",
                {.words = {"utf-8", "latin-1", "windows-1252", "utf-16", "utf-16le", "utf-16be"}});
  visitor.field("delimiter", data.delimiter,
                "Between fields; a tab is \"\\t\"; auto: found from the first file",
                {.form = TextForm::kCharacterOrAuto});
  visitor.field("quote", data.quote, "Around fields that hold delimiters or line ends; \"\": none",
                {.form = TextForm::kCharacterOrNone});
  visitor.field("escape", data.escape,
                "Takes the character behind it literally, as a backslash may; \"\": none",
                {.form = TextForm::kCharacterOrNone});
  visitor.field("comment", data.comment, "Lines that begin with it are skipped; \"\": none",
                {.form = TextForm::kCharacterOrNone});
  visitor.field("header", data.header, "Whether the first line of each file has the names of the columns");
  visitor.field("names", data.names, "Names of the columns, where there is no header", column_name);
  visitor.field("types", data.types, "Types of columns; others are found from the data", kTypeNames);
  visitor.field("formats", data.formats,
                "How the dates and times of columns are written, such as \"%d.%m.%Y\"; the others as "
                "2026-11-24T03:26:00Z",
                column_name);
  visitor.field("missing", data.missing, "Texts that stand for a missing value");
  visitor.field("trim", data.trim, "Whether blanks around values are cut off");
  visitor.field("drop", data.drop, "Columns to leave out", column_name);
  visitor.field("filter", data.filter, "An expression: only rows for which it is true are kept");
  visitor.section("split", data.split, "Which rows train, choose and measure");
  visitor.field("max_rejected_share", data.max_rejected_share,
                "More rejected records than this stop the run; kinds with a limit of their own do not count",
                {.min = 0, .max = 1});
  visitor.section("max_rejected", data.max_rejected,
                  "Limits for single kinds of rejected records, as shares of all records; null: none");
  visitor.field("threads", data.threads, "Of each rank; 0: the cores that it may use",
                {.min = 0, .max = 1024});
  visitor.field("block_bytes", data.block_bytes, "Unit of parsing, and the longest record",
                {.min = 1, .max = 1U << 30U});
  visitor.field("shard_bytes", data.shard_bytes,
                "Source bytes of a shard at most; those of a file are as even as can be", {.min = 1});
  visitor.field("branch", data.branch,
                "Branch of the dataset that a run moves to what it has read; empty: main",
                {.form = TextForm::kName});
  visitor.field("publish_check", data.publish_check,
                "A program and its arguments, run before a version is published, which may refuse it",
                {.form = TextForm::kNotEmpty});
  visitor.field("publish_check_seconds", data.publish_check_seconds, "How long it may take",
                {.min = 0, .above_min = true});
}

}  // namespace millrace
