// Inside cli/: the actions of `millrace data`, a file each, and what they print alike.
#pragma once

#include "base/json.hpp"
#include "cli/options.hpp"
#include "storage/objects.hpp"

namespace millrace {

Command data_list_action();
Command data_log_action();
Command data_show_action();
Command data_diff_action();
Command data_tag_action();
Command data_branch_action();
Command data_verify_action();
Command data_export_action();
Command data_view_action();
Command data_gc_action();

// The value of a positional argument or option. Throws kUsage with the command's usage where it is missing.
std::string required_value(const Command& self, const po::variables_map& values, const char* name);

// What a branch or tag (`kind`) means now, {"dataset", kind, "version" (null: it is deleted)}.
void print_named(const Json& changed, const char* kind, bool json);

std::string brief_digest(const Json& hex);                      // 12 digits; "" for none
std::string count_text(const Json& document, const char* key);  // 12,345; "?" where it is not known
std::string bytes_text(const Json& document, const char* key);
std::string percent_text(const Json& share);  // 1.25 %
std::string value_text(const Json& value);    // numbers with 6 digits, texts as they are

}  // namespace millrace
