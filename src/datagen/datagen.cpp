#include "datagen/datagen.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <thread>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/topics.hpp"
#include "datagen/day_file.hpp"

namespace millrace {

namespace {

using namespace datagen;

constexpr std::int32_t kLongestTenureDays = 4000;  // a customer's first day lies at most this far back

void check(const DatagenOptions& options) {
  if (options.out.empty()) throw Error(Topic::kCommandLine, "datagen needs a folder to write to");
  if (options.days < 1 || options.days > 36500)
    throw Error(Topic::kCommandLine, "{} days; from 1 to 36500 can be made", options.days);
  if (options.drift_from_day > options.days) {
    throw Error(Topic::kCommandLine, "drift from day {}, but there are only {} days", options.drift_from_day,
                options.days);
  }
  if (!(options.drift_size >= 0 && options.drift_size <= 10)) {
    throw Error(Topic::kCommandLine, "a drift of size {}; it lies from 0 to 10", options.drift_size);
  }
  if (options.drift_kind != "prices" && options.drift_kind != "habits")
    throw Error(Topic::kCommandLine, "a drift of {}; it is of prices or habits",
                millrace::quoted(options.drift_kind));
}

// The options, seen as one plan a day.
class Calendar {
 public:
  explicit Calendar(const DatagenOptions& options)
      : options_(options),
        first_(parse_day(options.first_day)),
        names_(first_ - kLongestTenureDays, first_ + static_cast<std::int32_t>(options.days)),
        defects_(options.defects, options.defect_kinds, options.seed),
        rows_(options.target_bytes > 0 ? rows_for(options.target_bytes) : options.rows_per_day) {}

  void write(std::uint32_t index, Tally& tally) const {
    const DayPlan day = plan(index);
    const std::string_view date = names_[day.day];
    const std::string name = options_.partitioned ? fmt::format("day={}/churn.csv", date)  //
                                                  : fmt::format("churn-{}.csv", date);
    write_day(fmt::format("{}/{}", options_.out, name), day, defects_, names_, tally);
  }

 private:
  [[nodiscard]] DayPlan plan(std::uint32_t index) const {
    const bool drifts = options_.drift_from_day > 0 && index + 1 >= options_.drift_from_day;
    const double size = drifts ? options_.drift_size : 0;
    const bool of_habits = options_.drift_kind == "habits";
    return {first_ + static_cast<std::int32_t>(index), rows_, options_.seed, of_habits ? 0 : size,
            of_habits ? size : 0};
  }

  // Rows a day, by the mean length of a sample of rows.
  [[nodiscard]] std::uint64_t rows_for(std::uint64_t bytes) const {
    constexpr std::uint64_t kSample = 2000;
    std::string text;
    for (std::uint64_t row = 0; row < kSample; ++row)
      append_row(text, draw_row(plan(0), row).row, Defect::kNone, names_);
    const double row_bytes = static_cast<double>(text.size()) / kSample;
    return static_cast<std::uint64_t>(std::ceil(static_cast<double>(bytes) / options_.days / row_bytes));
  }

  const DatagenOptions& options_;
  std::int32_t first_;
  DayNames names_;
  DefectSource defects_;
  std::uint64_t rows_ = 0;
};

unsigned thread_count(const DatagenOptions& options) {
  const unsigned wanted =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  return std::min(wanted, options.days);
}

// Threads take the next day that nobody has; the first error stops them all.
Tally write_all_days(const Calendar& calendar, std::uint32_t days, unsigned threads) {
  std::atomic<std::uint32_t> next{0};
  std::vector<Tally> tallies(threads);
  std::vector<std::exception_ptr> errors(threads);
  const auto work = [&](unsigned me) {
    try {
      for (std::uint32_t day = next++; day < days; day = next++) calendar.write(day, tallies[me]);
    } catch (...) {
      errors[me] = std::current_exception();
      next = days;
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(work, i);
    work(0);
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  for (unsigned i = 1; i < threads; ++i) tallies[0].merge(tallies[i]);
  return tallies[0];
}

}  // namespace

DatagenSummary generate(const DatagenOptions& options) {
  const Stopwatch watch;
  check(options);
  const Calendar calendar(options);
  remove_abandoned_files(options.out);
  const Tally tally = write_all_days(calendar, options.days, thread_count(options));
  return {.files = tally.files,
          .rows = tally.rows,
          .bytes = tally.bytes,
          .defects = tally.defects,
          .positive_share = tally.truth.positive_share(),
          .best_auc = tally.truth.auc(),
          .seconds = watch.seconds()};
}

void to_json(Json& json, const DatagenSummary& summary) {
  json = {{"files", summary.files},
          {"rows", summary.rows},
          {"bytes", summary.bytes},
          {"defects", summary.defects},
          {"positive_share", summary.positive_share},
          {"best_auc", std::isnan(summary.best_auc) ? Json() : Json(summary.best_auc)},
          {"seconds", summary.seconds}};
}

std::string format_summary(const DatagenSummary& summary) {
  const auto bytes = static_cast<double>(summary.bytes);
  std::string text =
      fmt::format("{} {}, {} rows, {} in {} ({}/s); {:.1f} % churned", human_count(summary.files),
                  summary.files == 1 ? "file" : "files", human_count(summary.rows), human_bytes(bytes),
                  human_seconds(summary.seconds), human_bytes(bytes / std::max(summary.seconds, 1e-9)),
                  100 * summary.positive_share);
  if (!std::isnan(summary.best_auc)) text += fmt::format("; best reachable AUC {:.4f}", summary.best_auc);
  if (summary.defects > 0) text += fmt::format("; {} rows with defects", human_count(summary.defects));
  return text;
}

}  // namespace millrace
