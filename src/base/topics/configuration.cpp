#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kConfigurationEntries = std::to_array<TopicEntry>({
    {Topic::kCommandLine, ExitCode::kUsage, "command-line", "A command line that is not understood",
     "unknown option '--verfy' (did you mean '--verify'?); see 'millrace run --help'",
     "A command, an option or an argument is unknown, missing or malformed.",
     "`millrace --help` lists the commands, `millrace COMMAND --help` a command's options with an example."},
    {Topic::kInvalidYaml, ExitCode::kUsage, "invalid-yaml", "A file that is no YAML",
     "pipeline.yaml:4:3: this is no valid YAML: end of map not found",
     "Brackets or quotes are open, the indentation is uneven, a tab stands where spaces must, or the file "
     "holds tags or several documents.",
     "Look at the named place and at the line before it; indent with spaces."},
    {Topic::kDuplicateKey, ExitCode::kUsage, "duplicate-key", "A key that is there twice",
     "pipeline.yaml:9:3: the key 'epochs' is here a second time; the first is at line 7",
     "A section has the key twice; which one is meant cannot be told.", "Remove one of them."},
    {Topic::kUnknownKey, ExitCode::kUsage, "unknown-key", "A key that does not exist",
     "pipeline.yaml:8:1: unknown key 'evaluaton' in the pipeline (did you mean 'evaluation'?)",
     "The configuration has no such key at this place.",
     "`millrace config --explain` lists every key; --schema prints a JSON Schema for editors."},
    {Topic::kMissingKey, ExitCode::kUsage, "missing-key", "A key that must be there",
     "pipeline.yaml:1:1: the key data.source is missing (a CSV file, a glob, a folder, or a list of them)",
     "A few keys have no default: name, data.source, data.target.column.", "Add the key."},
    {Topic::kWrongValue, ExitCode::kUsage, "wrong-value", "A value of the wrong type or out of range",
     "pipeline.yaml:8:26: evaluation.threshold must be a number from 0 to 1, not the text 'half'",
     "The key takes another type, or the number is outside of its range.",
     "The message says what it must be; `millrace config --explain` says more of each key."},
    {Topic::kContradiction, ExitCode::kUsage, "contradiction", "Settings that exclude each other",
     "pipeline.yaml:5:3: data.delimiter and data.quote must differ",
     "Each of the settings is valid, but not beside the other one, or not for this data.",
     "Change one of the two that the message names."},
    {Topic::kEnvironmentVariable, ExitCode::kUsage, "environment-variable", "A variable that is not set",
     "pipeline.yaml:3:11: the environment variable DATA is not set; set it, or write ${env:DATA:-default}",
     "A value refers to ${env:NAME}, and the environment has no NAME; or the reference is malformed.",
     "Set it (for all ranks: mpirun -x NAME), or give a default: ${env:NAME:-default}. $${ stands for ${."},
    {Topic::kSecret, ExitCode::kUsage, "secret", "A secret in the wrong place",
     "pipeline.yaml:3:11: workspace takes no secret",
     "${secret:env:NAME} and ${secret:file:PATH} are for keys that hold passwords (data.s3.access_key, "
     "data.s3.secret_key, data.s3.session_token, alerts.webhook.secret_url, …), which take nothing else, and "
     "stand alone there.",
     "For other keys write the value with ${env:NAME}, if it may be shown in logs and in the resolved "
     "configuration. In keys for passwords write a reference, and keep the value in the variable or file."},
    {Topic::kUnknownColumn, ExitCode::kUsage, "unknown-column", "A column that the data does not have",
     "pipeline.yaml:4:13: data.target.column names 'churnd', which is no column of the data (did you mean "
     "'churned'?); there are: customer_id, age, churned",
     "A setting names a column that no source has, or that is no feature.",
     "Take the name as the message lists it; upper and lower case and spaces count."},
    {Topic::kExpression, ExitCode::kUsage, "expression", "An expression that does not hold",
     "pipeline.yaml:6:13: there is no column 'agee' (did you mean 'age'?)\n  agee > 18\n  ^~~~",
     "The expression has a mistake in its grammar, its names or its types; the mark shows where.",
     "[expressions.md](expressions.md) has the language."},
    {Topic::kRegularExpression, ExitCode::kUsage, "regular-expression", "A regular expression that is none",
     "pipeline.yaml:9:14: '(' is no regular expression (RE2): missing ): (",
     "Expressions are those of RE2: no look-ahead and no back references.",
     "Mend the pattern; quote it in YAML."},
    {Topic::kUnknownName, ExitCode::kUsage, "unknown-name", "A word that is none of those there are",
     "'acu' is no metric (did you mean 'auc'?); there are auc, log_loss, accuracy",
     "A setting or an option takes one of a few words.", "Take one that the message lists."},
    {Topic::kInvalidName, ExitCode::kUsage, "invalid-name", "A name that cannot be one",
     "'../churn' cannot be a model's name: it needs 1 to 255 letters, digits, '_', '-' or '.', and a "
     "letter or digit first",
     "Names become files and parts of addresses, so that they take plain characters only.",
     "Choose another name."},
    {Topic::kFaultPlan, ExitCode::kUsage, "fault-plan", "A fault plan that is not understood",
     "MILLRACE_FAULTS: 'write:0': the number of a call starts at 1; docs/faults.md has the language",
     "The variable MILLRACE_FAULTS, which makes calls fail on purpose, has a mistake.",
     "[faults.md](faults.md) has the language. Unset the variable for normal work."},
});

}  // namespace

std::span<const TopicEntry> configuration_topics() {
  return kConfigurationEntries;
}

}  // namespace millrace
