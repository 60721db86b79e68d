#include <chrono>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/registry/actions.hpp"
#include "registry/garbage.hpp"

namespace millrace {

namespace {

int run_registry_gc(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                           //
      ("grace-hours", po::value<double>()->default_value(24), "what is younger than this stays")  //
      ("dry-run", "only say what would go");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  const auto hours = (*values)["grace-hours"].as<double>();
  if (!(hours >= 0 && hours < 1e6))
    throw Error(Topic::kCommandLine, "--grace-hours must be at least 0, not {}", hours);
  const auto grace = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::duration<double, std::ratio<3600>>(hours));
  const bool dry_run = values->count("dry-run") > 0;
  const RegistryGarbage garbage = collect_registry_garbage(registry_of(*values).folder(), grace, dry_run);
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json({{"dry_run", dry_run},
                                  {"entry_files", garbage.entry_files},
                                  {"records", garbage.records},
                                  {"bytes", garbage.bytes}}));
  } else {
    fmt::print("{} files of sealed entries, {} records that nothing names, {}: {}\n", garbage.entry_files,
               garbage.records, human_bytes(static_cast<double>(garbage.bytes)),
               dry_run ? "would go" : "gone");
  }
  return 0;
}

}  // namespace

Command registry_gc_action() {
  return {"registry gc",
          "[--grace-hours N] [--dry-run] [options]",
          "Remove files whose entries are sealed, and records that nothing names; no entry is lost",
          "millrace registry gc --dry-run",
          false,
          run_registry_gc};
}

}  // namespace millrace
