#include "expression/support.hpp"

namespace millrace {
namespace {

using testing::evaluated;
using testing::make_test_table;

Table moments() {
  return make_test_table({{{"d", ColumnType::kDate}, {"2026-03-01", "1969-12-31", "", "2024-02-29"}},
                          {{"s", ColumnType::kTimestamp},
                           {"2026-03-01T00:00:00Z", "1969-12-31T23:59:59.5Z", "2026-01-01T12:00", ""}}});
}

TEST(Dates, Parts) {
  const Table table = moments();
  EXPECT_EQ(evaluated("year(d)", table), "2026 1969 ? 2024");
  EXPECT_EQ(evaluated("month(d)", table), "3 12 ? 2");
  EXPECT_EQ(evaluated("day(d)", table), "1 31 ? 29");
  EXPECT_EQ(evaluated("year(s)", table), "2026 1969 2026 ?");
  EXPECT_EQ(evaluated("day(s)", table), "1 31 1 ?");
  EXPECT_EQ(evaluated("date(s)", table), "2026-03-01 1969-12-31 2026-01-01 ?");
  EXPECT_EQ(evaluated("timestamp(d)", table),
            "2026-03-01T00:00:00Z 1969-12-31T00:00:00Z ? 2024-02-29T00:00:00Z");
  EXPECT_EQ(evaluated("date(d) == d", table), "true true ? true");
}

TEST(Dates, ComparisonsWithWrittenDates) {
  const Table table = moments();
  EXPECT_EQ(evaluated("d < date('2026-03-01')", table), "false true ? true");
  EXPECT_EQ(evaluated("d < '2026-03-01'", table), "false true ? true");
  EXPECT_EQ(evaluated("'2026-03-01' > d", table), "false true ? true");
  EXPECT_EQ(evaluated("s >= '2026-03-01'", table), "true false false ?");
  EXPECT_EQ(evaluated("s == timestamp('2026-01-01T13:00+01:00')", table), "false false true ?");
  EXPECT_EQ(evaluated("d == '2026-03-01T00:00'", table), "true false ? false");
  EXPECT_EQ(evaluated("d == s", table), "true false ? ?");
}

TEST(Dates, Lists) {
  const Table table = moments();
  EXPECT_EQ(evaluated("d in ('2026-03-01', date('2024-02-29'))", table), "true false ? true");
  EXPECT_EQ(evaluated("d in ('2024-02-29', '2026-03-01T00:00')", table), "true false ? true");
  EXPECT_EQ(evaluated("d in ('2026-03-01T00:00', '2024-02-29')", table), "true false ? true");
  EXPECT_EQ(evaluated("s in ('2026-03-01')", table), "true false false ?");
}

}  // namespace
}  // namespace millrace
