#include "config/config.hpp"
#include "expression/support.hpp"

namespace millrace {
namespace {

Schema churn() {
  return Schema({{"tenure", ColumnType::kInteger},
                 {"Contract", ColumnType::kText},
                 {"charges", ColumnType::kReal},
                 {"joined", ColumnType::kDate},
                 {"active", ColumnType::kBoolean}});
}

std::string refusal(const SourceText& source, const Schema& schema = churn()) {
  try {
    Expression::compile(source, schema).require_boolean();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.message();
  }
  return "accepted";
}

SourceText at_line_seven(const std::string& text) {
  return {text, {"churn.yaml", 7, 10}, true};
}

TEST(CompileErrors, PointIntoTheConfigFile) {
  EXPECT_EQ(refusal(at_line_seven("tenure > 3 and Contrct == 'x'")),
            "churn.yaml:7:25: there is no column 'Contrct' (did you mean 'Contract'?)\n"
            "  tenure > 3 and Contrct == 'x'\n"
            "                 ^~~~~~~");
  EXPECT_EQ(refusal({"tenure ==\n\t'ä' + größe", {"churn.yaml", 7, 10}}),
            "churn.yaml:7:10: there is no column 'größe'; a text goes into 'quotes'\n"
            "   'ä' + größe\n"
            "         ^~~~~");
  EXPECT_EQ(refusal({"tenure", {}}),
            "the default configuration: this must be true or false for each row, but its type is integer\n"
            "  tenure\n"
            "  ^~~~~~");
  EXPECT_EQ(refusal({"tenure >", {"--set data.filter", 0, 0}}),
            "--set data.filter: the expression ends where a value should follow\n"
            "  tenure >\n"
            "          ^");
}

TEST(CompileErrors, ShowOnlyThePlaceOfALongText) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "tenure > 1 and ";
  const std::string message =
      refusal({text + "größe > 1" + " and active" + " and active or active or active or active", {}});
  EXPECT_LT(message.size(), 400U);
  EXPECT_NE(message.find("\n  …"), std::string::npos) << message;
  EXPECT_NE(message.find("größe > 1 and active"), std::string::npos) << message;
}

TEST(CompileErrors, FromARealFile) {
  const auto config = parse_config(
      "name: x\ndata:\n  source: a\n  target: { column: y }\n  split: { test: \"Kosten in 'ä' % 5\" }\n",
      "c.yaml");
  EXPECT_TRUE(refusal(*config.data.split.test.expression).starts_with("c.yaml:5:29: '(' is missing here"));
}

struct Case {
  const char* text;
  int column;  // of the mark, from 1
  const char* content;
};

TEST(CompileErrors, SayWhatIsWrong) {
  const std::vector<Case> cases{
      // Syntax.
      {"", 1, "the expression is empty"},
      {"  ", 3, "the expression is empty"},
      {"tenure = 3", 8, "'=' is written '==' here"},
      {"tenure <> 3", 8, "'<>' is written '!=' here"},
      {"active && active", 8, "'&&' is written 'and' here"},
      {"!active", 1, "'!' is written 'not' here"},
      {"active AND active", 8, "should end before 'AND' (did you mean 'and'?)"},
      {"tenure 3", 8, "should end before '3'"},
      {"(tenure > 3", 12, "')' is missing here"},
      {"tenure > 3)", 11, "should end before ')'"},
      {"tenure > ", 10, "ends where a value should follow"},
      {"tenure > * 3", 10, "a value should stand here, not '*'"},
      {"1 < tenure < 3", 12, "comparisons do not chain"},
      {"Contract == 'x", 13, "the text has no closing '"},
      {"`Contract == 'x'", 1, "the name has no closing `"},
      {"tenure # 3", 8, "unexpected character '#'"},
      {"plan.type == 'x'", 5, "unexpected character '.'"},
      {"3rd_place == 1", 1, "this is no number"},
      {"1.2.3 == 1", 1, "this is no number"},
      {"tenure == 99999999999999999999", 11, "out of range"},
      {"charges == 1e999", 12, "out of range"},
      {"tenure is 3", 11, "'missing' is missing here"},
      {"tenure in 3", 11, "'(' is missing here"},
      {"tenure in (1 2)", 14, "',' or ')' is missing here"},
      {"tenure in ()", 1, "the list of 'in' is empty"},
      {"and", 1, "a value should stand here, not 'and'"},
      // Names.
      {"tenur > 3", 1, "(did you mean 'tenure'?)"},
      {"rowindex == 1", 1, "(did you mean 'row_index'?)"},
      {"Contract == Two", 13, "a text goes into 'quotes'"},
      {"lenght(Contract) > 1", 1, "there is no function 'lenght' (did you mean 'length'?)"},
      {"zzzzzzzz(1) > 1", 1, "there are hash, lower"},
      {"min(tenure) > 1", 1, "min takes 2 values, not 1"},
      {"hash() > 1", 1, "hash takes 1 value, not 0"},
      // Types.
      {"tenure", 1, "its type is integer"},
      {"tenure + Contract > 3", 10, "'+' takes numbers, not 'Contract' (text)"},
      {"charges % 2 == 1", 1, "'%' takes integers, not 'charges' (real)"},
      {"-Contract == 1", 2, "'-' takes a number"},
      {"not tenure", 5, "'not' takes a truth value, not 'tenure' (integer)"},
      {"tenure and active", 1, "'and' takes truth values"},
      {"active or 3 + 4", 11, "not '3 + 4' (integer)"},
      {"tenure == '3'", 1, "written without quotes"},
      {"Contract == 3", 1, "a text goes into 'quotes'"},
      {"Contract == tenure", 1, "'Contract' (text) cannot be compared with 'tenure' (integer)"},
      {"tenure in (1, 'x')", 1, "cannot be compared"},
      {"tenure in (1, charges)", 15, "takes constants"},
      {"tenure in (1 / 0)", 12, "takes constants"},
      {"active < true", 1, "truth values have no order"},
      {"joined == '2026-02-30'", 11, "'2026-02-30' is no date (YYYY-MM-DD)"},
      {"joined in ('2026-02-01', 'x')", 26, "'x' is no date"},
      {"joined == 3", 1, "cannot be compared"},
      {"joined == lower('2026-01-01')", 1, "cannot be compared"},
      {"date('soon') == joined", 6, "'soon' is no date"},
      {"date(Contract) == joined", 6, "date takes a date or timestamp, or one written as a text"},
      {"timestamp(3) == joined", 11, "timestamp takes"},
      {"length(tenure) > 1", 8, "length takes a text, not 'tenure' (integer)"},
      {"year(tenure) > 1", 6, "year takes a date or timestamp"},
      {"log(active) > 1", 5, "log takes a number"},
  };
  for (const Case& each : cases) {
    const std::string message = refusal(at_line_seven(each.text));
    EXPECT_NE(message.find(each.content), std::string::npos) << each.text << "\n→ " << message;
    EXPECT_TRUE(message.starts_with(fmt::format("churn.yaml:7:{}: ", 9 + each.column)))
        << each.text << "\n→ " << message;
  }
}

TEST(CompileErrors, RowIndexIsReserved) {
  const Schema schema({{"row_index", ColumnType::kInteger}});
  EXPECT_NE(refusal({"row_index > 3", {}}, schema).find("reserved"), std::string::npos);
  EXPECT_EQ(refusal({"true", {}}, schema), "accepted");
}

TEST(CompileErrors, DepthIsLimited) {
  const auto repeated = [](const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
  };
  EXPECT_EQ(refusal({repeated("(", 90) + "active" + repeated(")", 90), {}}), "accepted");
  EXPECT_EQ(refusal({"active" + repeated(" or active", 900), {}}), "accepted");
  EXPECT_EQ(refusal({repeated("not ", 90) + "active", {}}), "accepted");
  for (const std::string& text :
       {repeated("(", 10000), repeated("not ", 10000) + "active", repeated("- ", 10000) + "1 > 0",
        repeated("lower(", 10000), repeated("1 in (", 10000)}) {
    EXPECT_NE(refusal({text, {}}).find("nested too deeply"), std::string::npos)
        << refusal({text, {}}).substr(0, 100);
  }
  EXPECT_NE(refusal({"active" + repeated(" or active", 5000), {}}).find("too long"), std::string::npos);
  EXPECT_NE(refusal({repeated("1 + ", 10000), {}}).find("too long"), std::string::npos);
}

}  // namespace
}  // namespace millrace
