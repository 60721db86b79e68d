// What an error is in the catalogue, and with it its exit code.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "base/topics.hpp"

namespace millrace::testing_support {

inline void expect_topic(const Error& error, Topic topic) {
  EXPECT_EQ(entry_of(error.topic()).id, entry_of(topic).id) << error.message();
  EXPECT_EQ(error.code(), entry_of(topic).code) << error.message();
}

// That a program ended with this topic's exit code and said where it is explained.
inline void expect_topic(int exit_code, const std::string& err, Topic topic) {
  EXPECT_EQ(exit_code, static_cast<int>(entry_of(topic).code)) << err;
  const std::string where = where_explained({topic, ""});
  EXPECT_NE(err.find(where + "\n"), std::string::npos) << where << " is not in\n" << err;
}

}  // namespace millrace::testing_support
