// Inside cli/: the actions of `millrace registry`, a file each, and what they print alike.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/options.hpp"
#include "registry/registry.hpp"

namespace millrace {

Command registry_list_action();
Command registry_show_action();
Command registry_history_action();
Command registry_tag_action();
Command registry_describe_action();
Command registry_statement_action();
Command registry_approve_action();
Command registry_reject_action();
Command registry_withdraw_action();
Command registry_promote_action();
Command registry_demote_action();
Command registry_policy_action();
Command registry_search_action();
Command registry_compare_action();
Command registry_lineage_action();
Command registry_sync_action();
Command registry_verify_action();
Command registry_head_action();
Command registry_export_action();
Command registry_import_action();
Command registry_gc_action();

// The registry of the workspace that the options name.
Registry registry_of(const po::variables_map& values);
// The version that the positional argument "reference" names. Throws kUsage with the command's usage where it
// is missing.
const ModelVersion& referred(const Command& self, const po::variables_map& values,
                             const RegistryState& state);

Json to_document(const ModelVersion& version);
Json to_document(const StageChange& change);
Json to_document(const SignOff& sign_off);
void print_line(const ModelVersion& version);
// "approved by anna@lab as data-scientist, 2026-11-26 (entry 12)"
std::string line_of(const SignOff& sign_off);
std::string line_of(const StageChange& change);

}  // namespace millrace
