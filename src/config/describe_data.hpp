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
void describe(Visitor& visitor, DataConfig& data) {
  const Limits column_types{.words = {"boolean", "integer", "real", "date", "timestamp", "text"}};
  const Limits column_name{.form = TextForm::kNotEmpty};
  visitor.field("source", data.source, "Files, globs or folders, relative to this file", {.required = true});
  visitor.section("target", data.target, "What to predict");
  visitor.field("delimiter", data.delimiter, "Between fields; a tab is \"\\t\"",
                {.form = TextForm::kCharacter});
  visitor.field("quote", data.quote, "Around fields that hold delimiters or line ends; \"\": none",
                {.form = TextForm::kCharacterOrNone});
  visitor.field("header", data.header, "Whether the first line of each file has the names of the columns");
  visitor.field("names", data.names, "Names of the columns, where there is no header", column_name);
  visitor.field("types", data.types, "Types of columns; those of the others are found from the data",
                column_types);
  visitor.field("missing", data.missing, "Texts that stand for a missing value");
  visitor.field("trim", data.trim, "Whether blanks around values are cut off");
  visitor.field("drop", data.drop, "Columns to leave out", column_name);
  visitor.field("filter", data.filter, "An expression: only rows for which it is true are kept");
  visitor.section("split", data.split, "Which rows train, choose and measure");
  visitor.field("max_rejected_share", data.max_rejected_share, "More unreadable rows than this stop the run",
                {.min = 0, .max = 1});
  visitor.field("threads", data.threads, "Of each rank; 0: the cores that it may use",
                {.min = 0, .max = 1024});
  visitor.field("block_bytes", data.block_bytes, "Unit of parsing, and the longest record",
                {.min = 1, .max = 1U << 30U});
  visitor.field("shard_bytes", data.shard_bytes, "Source bytes of a shard: a multiple of block_bytes",
                {.min = 1});
}

}  // namespace millrace
