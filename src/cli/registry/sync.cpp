#include "mlflow/sync.hpp"

#include "base/signals.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"

namespace millrace {

namespace {

std::optional<Secret> token_of(const po::variables_map& values) {
  const std::string reference = text_of(values, "token");
  if (reference.empty()) return std::nullopt;
  // The message does not repeat it: it may be the token itself.
  if (!is_secret_reference(reference))
    throw Error(Topic::kSecret, "--token: write where the token is found, env:NAME or file:PATH");
  return Secret{reference, {"--token", 0, 0}};
}

void print_result(const mlflow::SyncResult& result, bool json) {
  if (json) {
    return fmt::print("{}", pretty_json({{"versions", result.versions},
                                         {"added", result.added},
                                         {"changed", result.changed},
                                         {"aliases", result.aliases},
                                         {"warnings", result.warnings}}));
  }
  fmt::print("{} versions: {} added to MLflow, {} brought up to date; {} aliases moved\n", result.versions,
             result.added, result.changed, result.aliases);
}

int run_registry_sync(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                              //
      ("mlflow", po::value<std::string>()->value_name("URI"), "address of the MLflow server")        //
      ("model", po::value<std::string>()->value_name("MODEL"), "only this one")                      //
      ("experiment", po::value<std::string>()->value_name("NAME"), "default: named like the model")  //
      ("token", po::value<std::string>()->value_name("env:NAME|file:PATH"), "where the token is found");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  catch_stop_signals();
  const RegistryState state = registry_of(*values).state();
  mlflow::Server server(required_text(self, *values, "mlflow"), token_of(*values));
  print_result(mlflow::sync(server, Workspace(workspace_of(*values)), state,
                            {text_of(*values, "experiment"), text_of(*values, "model")}),
               values->count("json") > 0);
  return 0;
}

}  // namespace

Command registry_sync_action() {
  return {"registry sync",
          "--mlflow URI [options]",
          "Show the registry in MLflow: runs, metrics, artifacts, versions, aliases; sends what is missing",
          "millrace registry sync --mlflow http://127.0.0.1:5000",
          false,
          run_registry_sync};
}

}  // namespace millrace
