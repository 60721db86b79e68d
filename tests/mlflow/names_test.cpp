#include "mlflow/names.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace millrace::mlflow {
namespace {

TEST(Names, StayAsTheyAreWhereMlflowTakesThem) {
  for (const char* name : {"test.auc", "train_loss", "data.types.Monthly Charges", "a-b", "_", "7"})
    EXPECT_EQ(fitting_name(name), name);
}

TEST(Names, OthersBecomeNamesThatMlflowTakesAndThatStayDifferent) {
  const std::vector<std::string> odd{"",
                                     ".",
                                     "..",
                                     "a/b",
                                     "a\\b",
                                     "a:b",
                                     "Änderung",
                                     "Ånderung",
                                     "price (€)",
                                     "a/../b",
                                     std::string(251, 'x'),
                                     std::string(252, 'x'),
                                     std::string("a\0b", 3)};
  std::set<std::string> fitting;
  for (const std::string& name : odd) {
    const std::string fits = fitting_name(name);
    EXPECT_LE(fits.size(), kNameLimit);
    EXPECT_EQ(fits.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. "),
              std::string::npos)
        << fits;
    EXPECT_NE(fits.find_first_not_of('.'), std::string::npos);
    EXPECT_EQ(fitting_name(fits), fits);
    EXPECT_TRUE(fitting.insert(fits).second) << name;
  }
}

TEST(Values, AreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "aé€😀";
  for (std::size_t limit = 10; limit < text.size() + 3; ++limit) {
    const std::string value = fitting_value(text, limit);
    EXPECT_LE(value.size(), limit);
    if (limit >= text.size()) {
      EXPECT_EQ(value, text);
      continue;
    }
    EXPECT_GT(value.size(), limit - 4);  // at most the rest of one character is lost
    ASSERT_TRUE(value.ends_with("…"));
    EXPECT_TRUE(text.starts_with(value.substr(0, value.size() - 3)));
    for (std::size_t at = 0; at < value.size(); at += character_length(value.substr(at)))
      ASSERT_GT(character_length(value.substr(at)), 0U) << limit;
  }
}

}  // namespace
}  // namespace millrace::mlflow
