#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/data/actions.hpp"
#include "pipeline/garbage.hpp"

namespace millrace {

namespace {

constexpr double kHourSeconds = 3600;

std::uint64_t at_least_0(const po::variables_map& values, const char* option) {
  const auto number = values[option].as<std::int64_t>();
  if (number < 0) throw Error(Topic::kCommandLine, "--{} must be at least 0, not {}", option, number);
  return static_cast<std::uint64_t>(number);
}

GarbageOptions options_in(const po::variables_map& values) {
  GarbageOptions options;
  if (values.count("keep-days") > 0) options.keep.days = at_least_0(values, "keep-days");
  if (values.count("keep-last") > 0) options.keep.last = at_least_0(values, "keep-last");
  const auto hours = values["grace-hours"].as<double>();
  if (!(hours >= 0)) throw Error(Topic::kCommandLine, "--grace-hours must be at least 0, not {}", hours);
  options.grace_seconds = hours * kHourSeconds;
  options.dry_run = values.count("dry-run") > 0;
  return options;
}

Json to_document(const GarbageReport& report, bool dry_run) {
  return {{"dry_run", dry_run},
          {"objects", report.objects},
          {"bytes", report.bytes},
          {"actions", report.actions},
          {"versions", report.versions},
          {"kept_objects", report.kept_objects},
          {"young_objects", report.young_objects},
          {"runs_in_progress", report.runs_in_progress},
          {"interrupted", report.interrupted}};
}

void print(const GarbageReport& report, bool dry_run) {
  for (const std::string& version : report.versions)
    fmt::print("{} {}\n", version, dry_run ? "would go" : "is gone");
  fmt::print("{} objects, {}, {}; {} needed, {} younger than the grace period\n", human_count(report.objects),
             human_bytes(static_cast<double>(report.bytes)), dry_run ? "would be removed" : "removed",
             human_count(report.kept_objects), human_count(report.young_objects));
  if (!report.runs_in_progress.empty())
    fmt::print("what recorded results name stays while {} is in progress\n",
               join(report.runs_in_progress, ", "));
  if (report.interrupted) fmt::print("a run has begun: no object was removed; collect again later\n");
}

int run_data_gc(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                                                //
      ("keep-days", po::value<std::int64_t>(), "let go of versions and runs older than so many days")  //
      ("keep-last", po::value<std::int64_t>(),
       "let go of all but so many of each branch's versions and each pipeline's runs")           //
      ("grace-hours", po::value<double>()->default_value(24), "objects younger than this stay")  //
      ("dry-run", "only say what would go");
  const auto values = parse_options(self, arguments, options, {}, comm);
  if (!values) return 0;
  const GarbageOptions wanted = options_in(*values);
  const GarbageReport report = collect_garbage(Workspace(workspace_of(*values)), wanted);
  if (values->count("json") > 0) return fmt::print("{}", pretty_json(to_document(report, wanted.dry_run))), 0;
  print(report, wanted.dry_run);
  return 0;
}

}  // namespace

Command data_gc_action() {
  return {"data gc",
          "[--keep-days N] [--keep-last N] [--dry-run] [options]",
          "Remove objects that nothing needs",
          "millrace data gc --keep-days 90 --keep-last 5 --dry-run",
          false,
          run_data_gc};
}

}  // namespace millrace
