#include "datagen/day_file.hpp"

#include <cerrno>

#include <fcntl.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"

namespace millrace::datagen {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20U;

}  // namespace

LabelledRow draw_row(const DayPlan& plan, std::uint64_t number) {
  CounterRandom random(derive_key({plan.seed, static_cast<std::uint64_t>(plan.day), number}));
  LabelledRow drawn{{plan.day, number, draw_customer(random, plan.day, plan.prices), false}, 0};
  drawn.log_odds = log_odds(drawn.row.customer, plan.prices, plan.habits);
  drawn.row.churned = draw_label(drawn.log_odds, random.next_u32());
  return drawn;
}

void Tally::merge(const Tally& other) {
  files += other.files;
  rows += other.rows;
  bytes += other.bytes;
  defects += other.defects;
  truth.merge(other.truth);
}

void write_day(const std::string& path, const DayPlan& plan, const DefectSource& defects,
               const DayNames& names, Tally& tally) {
  PendingFile pending(path);
  const std::string& temporary = pending.temporary_path();
  const UniqueFd fd(file_operations().open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644));
  if (!fd.valid()) throw errno_error("create", temporary, errno);

  std::string buffer(kHeader);
  buffer.reserve(kBufferBytes + 1024);
  const auto flush = [&] {
    write_all(fd.get(), buffer, temporary);
    tally.bytes += buffer.size();
    buffer.clear();
  };
  for (std::uint64_t number = 0; number < plan.rows; ++number) {
    const LabelledRow drawn = draw_row(plan, number);
    const Defect defect = defects.draw(plan.day, number);
    append_row(buffer, drawn.row, defect, names);
    tally.defects += defect != Defect::kNone;
    if (is_readable(defect)) tally.truth.add(drawn.log_odds, drawn.row.churned);
    if (buffer.size() >= kBufferBytes) flush();
  }
  flush();
  pending.commit();
  tally.files += 1;
  tally.rows += plan.rows;
}

}  // namespace millrace::datagen
