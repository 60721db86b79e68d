// The keys of the section validation: each declared once, for every visitor.
#pragma once

#include "config/limits.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

inline const Limits kShare{.min = 0, .max = 1};
constexpr const char* kActionDoc = "What a violation does";

template <class Visitor>
void describe(Visitor& visitor, MissingRule& rule) {
  visitor.field("max_share", rule.max_share, "Share of missing values that any column may have", kShare);
  visitor.field("action", rule.action, kActionDoc);
}

template <class Visitor>
void describe(Visitor& visitor, OutlierRule& rule) {
  visitor.field("method", rule.method, "iqr: values beyond the quartiles by multiplier times their distance",
                {.words = {"iqr", "none"}});
  visitor.field("multiplier", rule.multiplier, "Of the distance between the quartiles",
                {.min = 0, .above_min = true});
  visitor.field("max_share", rule.max_share, "Share of outliers that any numeric column may have", kShare);
  visitor.field("action", rule.action, kActionDoc);
}

template <class Visitor>
void describe(Visitor& visitor, RowCountRule& rule) {
  visitor.field("min", rule.min, "Fewest rows");
  visitor.field("max", rule.max, "Most rows");
  visitor.field("action", rule.action, kActionDoc);
}

template <class Visitor>
void describe(Visitor& visitor, LeakageRule& rule) {
  visitor.field("max_power", rule.max_power,
                "Share of the target's variance that a column may explain by itself", kShare);
  visitor.field("action", rule.action, kActionDoc);
}

template <class Visitor>
void describe(Visitor& visitor, ReferenceRules& rules) {
  visitor.field("dataset", rules.dataset,
                "last: the last accepted data of this pipeline; none: no comparison",
                {.words = {"last", "none"}});
  visitor.field("schema", rules.schema, "What a column that is gone or has another type does");
  visitor.field("changes", rules.changes, "What every other change does");
  visitor.field("rows_factor", rules.rows_factor, "How many times as many rows, or as few, there may be",
                {.min = 1});
  visitor.field("missing", rules.missing, "Change of the share of missing values", kShare);
  visitor.field("unseen", rules.unseen, "Share of values outside the earlier range or set", kShare);
  visitor.field("repeated", rules.repeated, "Rise of the share of rows that repeat another one", kShare);
  visitor.field("shift", rules.shift, "Distance between a column's distributions, from 0 to 1", kShare);
}

template <class Visitor>
void describe(Visitor& visitor, Expectation& expectation) {
  visitor.field("column", expectation.column, "The column that is looked at", {.required = true});
  visitor.field("type", expectation.type, "Its type", kTypeNames);
  visitor.field("max_missing", expectation.max_missing, "Share of missing values that it may have", kShare);
  visitor.field("between", expectation.between, "Smallest and largest value; null is open");
  visitor.field("in_set", expectation.in_set, "The only values that may occur");
  visitor.field("regex", expectation.regex, "Found anywhere in the value: anchor it with ^ and $");
  visitor.field("unique", expectation.unique, "Whether no value may occur twice");
  visitor.field("mostly", expectation.mostly, "Share of present values that must pass", kShare);
  visitor.field("action", expectation.action, kActionDoc);
}

template <class Visitor>
void describe(Visitor& visitor, ValidationConfig& validation) {
  visitor.section("missing", validation.missing, "Missing values of every column");
  visitor.section("outliers", validation.outliers, "Outliers of every numeric column");
  visitor.section("rows", validation.rows, "How many rows there must be");
  visitor.section("leakage", validation.leakage, "Columns that give the target away");
  visitor.section("reference", validation.reference, "How the data may differ from what was accepted before");
  visitor.field("required", validation.required, "Columns that must exist", {.form = TextForm::kNotEmpty});
  visitor.list("expect", validation.expect,
               "What is known about single columns: a column and one or more checks");
}

}  // namespace millrace
