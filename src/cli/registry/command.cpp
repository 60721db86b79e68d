// millrace registry: models, their versions and stages, and who signed for them.
#include "cli/registry/actions.hpp"

namespace millrace {

Command registry_command() {
  Command command{"registry",
                  "ACTION [options]",
                  "Look into the model registry; sign for versions and promote them",
                  "millrace registry show quickstart@champion",
                  false,
                  nullptr};
  command.actions = {registry_list_action(),    registry_show_action(),     registry_search_action(),
                     registry_compare_action(), registry_lineage_action(),  registry_history_action(),
                     registry_tag_action(),     registry_describe_action(), registry_statement_action(),
                     registry_approve_action(), registry_reject_action(),   registry_withdraw_action(),
                     registry_promote_action(), registry_demote_action(),   registry_policy_action(),
                     registry_verify_action(),  registry_head_action(),     registry_export_action(),
                     registry_import_action(),  registry_gc_action(),       registry_sync_action()};
  return command;
}

}  // namespace millrace
