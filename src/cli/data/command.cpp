// millrace data: the versions of data that ingestion has made.
#include "cli/data/actions.hpp"

namespace millrace {

Command data_command() {
  Command command{"data",
                  "ACTION [options]",
                  "Look into the versions of data: branches, tags, what has changed",
                  "millrace data diff quickstart~1 quickstart",
                  false,
                  nullptr};
  command.actions = {data_list_action(), data_log_action(),    data_show_action(),   data_diff_action(),
                     data_tag_action(),  data_branch_action(), data_verify_action(), data_export_action(),
                     data_view_action(), data_gc_action()};
  return command;
}

}  // namespace millrace
