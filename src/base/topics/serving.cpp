#include <array>

#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::array kServingEntries = std::to_array<TopicEntry>({
    {Topic::kNothingDeployed, ExitCode::kResource, "nothing-deployed", "An endpoint without a model",
     "nothing is deployed at endpoint 'chrun' of workspace 'workspace' (did you mean 'churn'?); deploy a "
     "model first",
     "The workspace has no deployment of that name. By default an endpoint is named like its pipeline.",
     "Run the pipeline up to `deploy`; see whether --workspace is right."},
    {Topic::kRolledBack, ExitCode::kGateNotPassed, "rolled-back", "A version that was taken back",
     "churn/8 is rolled back at endpoint 'churn': p99 is 212 ms, above the 100 ms of deployment.latency_p99",
     "While a part of the requests went to the new version, its figures broke a rule of `deployment:`. The "
     "version before answers everything again.",
     "`millrace deploy status` has the figures of each step; mend the model, or the rule if it is too "
     "narrow."},
    {Topic::kNoDeployment, ExitCode::kUsage, "no-deployment", "No deployment to act on",
     "nothing is being deployed at endpoint 'churn': churn/7 answers all requests",
     "The action is about a deployment that is under way, or a version before, and there is none.",
     "`millrace deploy status` shows what there is."},
    {Topic::kPortInUse, ExitCode::kResource, "port-in-use", "A port that another process has",
     "port 8080 on 127.0.0.1 is in use; choose another with --port",
     "Another process listens there: another server, or this one, not yet ended.",
     "Choose another --port (0: any free one, which --address-file tells), or end the other process (`ss "
     "-ltnp` shows it)."},
    {Topic::kCannotListen, ExitCode::kResource, "cannot-listen", "An address that cannot be listened on",
     "port 80 on 127.0.0.1 needs privileges; choose one above 1023 with --port",
     "The host is none of this machine's, is not found, or the port is reserved.",
     "Take 127.0.0.1 (this machine only) or 0.0.0.0 (all) as --host, and a --port above 1023."},
    {Topic::kUnreachableServer, ExitCode::kResource, "unreachable-server", "A server that does not answer",
     "cannot reach 127.0.0.1:8080: Connection refused",
     "Nobody listens at the address, the host is not found, or the answer did not come in time.",
     "Start the server; see whether --address is right."},
    {Topic::kRefusedRequest, ExitCode::kUsage, "refused-request", "A request that the server refuses",
     "HTTP 400: {\"error\":\"row 1, column 'age': '4o' is not an integer\"}",
     "The server answered with a status from 400 to 499: a wrong model name, malformed JSON, values that do "
     "not fit the model's inputs, or a token that is missing or wrong (401).",
     "The answer says what; [serving.md](serving.md) has the requests' forms and the limits."},
    {Topic::kFailedRequest, ExitCode::kResource, "failed-request",
     "A request that the server could not answer",
     "HTTP 503: {\"error\":\"the server is busy; try again later\"}",
     "The server is overloaded, is ending, or has a fault of its own.",
     "Ask again later; otherwise look at the server's log."},
    {Topic::kTls, ExitCode::kResource, "tls", "A certificate or key that cannot be used",
     "certificate 'server.pem' cannot be used: no start line",
     "The file is missing, is no PEM, has passed its date, or key and certificate do not belong together. Or "
     "one side does not trust the other's: it is signed by an authority that is not among its own, is for "
     "another host's name, or is wanted and not given.",
     "`openssl x509 -in FILE -noout -text` shows a certificate, `openssl pkey -in FILE -noout -check` checks "
     "a key. --tls-authorities, or CURL_CA_BUNDLE, names the authorities that a client trusts, "
     "--tls-certificate "
     "and --tls-key what it shows."},
    {Topic::kAccessToken, ExitCode::kUsage, "access-token", "Tokens that cannot be used",
     "the file of tokens 'tokens.txt' has a token of 7 characters in line 2; one needs 16 or more",
     "The file that --tokens, --admin-tokens, --token-file or MILLRACE_TOKEN_FILE names has a line that is "
     "no "
     "token, or none at all.",
     "One token a line, such as `openssl rand -hex 32` makes, and lines that begin with #."},
    {Topic::kOtherScores, ExitCode::kUsage, "other-scores", "A folder that holds other scores",
     "'scores' holds the scores of quickstart/3; choose another --out, or remove it",
     "What was asked for would mix rows of different models or data in one result.",
     "Choose another --out, or remove the folder."},
    {Topic::kNotExportable, ExitCode::kUsage, "not-exportable", "An artifact that a runtime cannot take",
     "churn/7 cannot be exported for Triton: its artifact has no model.onnx: the input column 'score' has "
     "the "
     "name of an output",
     "The other runtime needs what this artifact does not have, or has rules for names that this model "
     "breaks.",
     "Change what the message names (drop or rename the column, choose another --name), or serve the "
     "artifact "
     "with millrace-serve, which takes all of them; [serving.md](serving.md#other-runtimes) has the rules."},
});

constexpr std::array kGeneral = std::to_array<TopicEntry>({
    {Topic::kUsage, ExitCode::kUsage, "usage", "A mistake in the command or the configuration",
     "a request needs room for one row: --max-rows is 0",
     "What was asked for cannot be done so; the message says why. No other entry is about it.",
     "Follow the message; `millrace COMMAND --help` and `millrace config --explain` say more."},
    {Topic::kData, ExitCode::kDataRejected, "data", "Data that cannot be used",
     "data.split.time: column 'day' has no values",
     "The data does not allow what the configuration asks for. No other entry is about it.",
     "Follow the message."},
    {Topic::kResource, ExitCode::kResource, "resource", "Something that is not there or does not work",
     "'2026-13-01' is no time in RFC 3339 (UTC)",
     "A file, a library or a device is not as it must be. No other entry is about it.",
     "Follow the message; `millrace doctor` shows what this machine has."},
    {Topic::kInternal, ExitCode::kInternal, "internal", "A fault of Millrace's",
     "quantiles asked for after 1 of 4 passes",
     "The program found itself in a state that should not exist. This is no mistake of yours.",
     "Report it with the message, `millrace version`, the configuration, and the run's log."},
});

}  // namespace

std::span<const TopicEntry> serving_topics() {
  return kServingEntries;
}

std::span<const TopicEntry> general_topics() {
  return kGeneral;
}

}  // namespace millrace
