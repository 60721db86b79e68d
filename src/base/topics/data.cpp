#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kDataEntries = std::to_array<TopicEntry>({
    {Topic::kValidationRejected, ExitCode::kDataRejected, "validation-rejected", "Data that fails its checks",
     "validation rejected the data: 1 of 14 checks failed: between age: found 2 of 60000 (report.html has "
     "all); "
     "mend the data, or loosen the rule in 'validation'",
     "At least one check whose action is reject has failed. Nothing was trained or deployed.",
     "Each failed check shows what it found and where: mend the data, or change the rule "
     "([validation.md](validation.md))."},
    {Topic::kPublishRefused, ExitCode::kDataRejected, "publish-refused",
     "Data that a check refuses to publish",
     "data.publish_check './check' refused version 1f3a5b7c9d2e of 'churn' (ended with code 1): rows fell by "
     "half; branch 'main' stays as it was",
     "The program that data.publish_check names ended with another code than 0, or took longer than "
     "data.publish_check_seconds. The version was read and is kept, but no branch means it; the next run "
     "asks "
     "the program again.",
     "See what it said (publish-check.log in the run's folder) and mend the data or the program; "
     "`millrace data show NAME@DIGEST` shows the refused version ([data.md](data.md))."},
    {Topic::kNoTrainingRows, ExitCode::kDataRejected, "no-training-rows", "No row to train on",
     "there are no rows to train on: data.split and data.filter leave none of them",
     "The filter leaves nothing, or the split gives every row to test and validation; with very few rows "
     "a share may take them all.",
     "Loosen data.filter or data.split, or bring more data; `millrace plan` shows nothing of it, the "
     "report shows the rows of each part."},
    {Topic::kNoTestRows, ExitCode::kUsage, "no-test-rows", "A gate without test rows",
     "the gate has no test rows to judge by: see data.split.test, or set evaluation.gate: false",
     "The gate compares the model with the champion on the test rows, and the split leaves none.",
     "Set data.split.test (an expression or a share), or evaluation.gate: false."},
    {Topic::kMissingTargets, ExitCode::kDataRejected, "missing-targets", "A target without values",
     "the target 'churned' has no values: every row is missing",
     "The target is missing in all training rows. Rows without a target are never trained on.",
     "Name the right column as data.target.column; see whether data.missing names a word that is a value."},
    {Topic::kOneClassTarget, ExitCode::kDataRejected, "one-class-target", "A target with one class",
     "the target 'churned' has a single class: 'No' (2,000); two are needed to learn from",
     "All training rows have the same class, so there is nothing to tell apart. Sorted files with a split "
     "by row do this, and so does a filter on the target.",
     "Look at data.filter and data.split; bring data with both classes."},
    {Topic::kConstantTarget, ExitCode::kDataRejected, "constant-target", "A numeric target with one value",
     "the target 'price' has the same value in all 2,000 rows: there is nothing to learn",
     "All training rows have the same number as their target.",
     "Look at data.filter and data.split, and at the column itself."},
    {Topic::kManyClasses, ExitCode::kDataRejected, "many-classes", "A target with too many classes",
     "the target 'price' has about 4,310 classes, more than 1000: is it a number in the wrong format, or "
     "an identifier? found: '1.200,50' (3), '7,10' (2)",
     "The target is text with very many levels: numbers with decimal commas or units, or identifiers.",
     "For numbers: mend the format, or declare data.types: {price: real} to see which values do not fit."},
    {Topic::kTargetLevel, ExitCode::kUsage, "target-level", "A positive class that does not fit the target",
     "the target 'churned' has no level 'yes' (did you mean 'Yes'?); found: 'No' (1,468), 'Yes' (532)",
     "data.target.positive names a level that the target does not have, or all that it has; or it is "
     "missing where a binary target has more than two levels; or the task is not binary.",
     "Take levels as the message lists them; upper and lower case differ."},
    {Topic::kTargetType, ExitCode::kUsage, "target-type", "A target of a type that the task cannot use",
     "the target 'since' is a date, which no model predicts: name another column, or data.target.task",
     "Dates are not predicted, and regression needs numbers.",
     "Name another column or data.target.task. If the numbers have other words among them, name those in "
     "data.missing or declare the type in data.types."},
    {Topic::kNoFeatures, ExitCode::kDataRejected, "no-features", "No column to learn from",
     "no column is left to predict 'churned' from: every other one is dropped, empty, or an identifier",
     "Columns that are dropped, constant, empty or identifiers are no features; none other is left.",
     "Look at data.drop and features.columns; the log says why each column was left out."},
    {Topic::kLargeValues, ExitCode::kDataRejected, "large-values", "Values too large to scale",
     "the column 'income' has values between -1e+300 and 1e+300, too large to scale: set "
     "features.columns.income: {log1p: true} or clip",
     "Mean and deviation of the column are beyond what numbers of 64 bits hold.",
     "Set log1p or clip for the column; look whether a unit or a missing-value code is among its values."},
    {Topic::kTextAmongNumbers, ExitCode::kDataRejected, "text-among-numbers",
     "A column of numbers that is text",
     "pipeline.yaml:7:5: between needs numbers, but the column 'age' is text: '4o' in day-01.csv line 102",
     "A single value that is no number makes a column text, unless data.types declares it. The message "
     "names the first such value and its place.",
     "Mend the value, name the word in data.missing, or declare data.types: {age: integer} so that such "
     "records are rejected."},
    {Topic::kColumnType, ExitCode::kUsage, "column-type", "A column of a type that the setting cannot use",
     "features.columns.age: the column is text, so it cannot be numeric; if it holds numbers with other "
     "words among them, name those in data.missing, or declare data.types: {age: real}",
     "A setting asks for numbers or times, and the column has another type.",
     "Name another column, or declare its type in data.types."},
    {Topic::kMissingColumn, ExitCode::kUsage, "missing-column",
     "A column that the model needs is not "
     "there",
     "the model needs the column 'age' (integer), which the data lacks",
     "The file or table has no column of that name; the model was trained with it.",
     "Add the column, empty where its values are not known; names must be as in training."},
    {Topic::kChangedType, ExitCode::kDataRejected, "changed-type", "A column whose type has changed",
     "the column 'age' is text here, but the model was trained with integer",
     "The values do not read as the type that the model was trained with.",
     "Mend the values, or train a new model on data of the new form."},
    {Topic::kNumberTooLarge, ExitCode::kUsage, "number-too-large", "A number too large for the model",
     "row 3, column 'income': the number is too large for the model",
     "Scaled as in training, the value is beyond 1e30: the network's sums would overflow, and its answer "
     "would mean nothing.",
     "Mend the value, or leave it out where it is not known."},
});

}  // namespace

std::span<const TopicEntry> data_topics() {
  return kDataEntries;
}

}  // namespace millrace
