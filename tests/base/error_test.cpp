#include "base/error.hpp"

#include <cerrno>
#include <map>
#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

#include "base/topics.hpp"

namespace millrace {
namespace {

template <class Body>
Error caught(Body&& body) {
  try {
    body();
  } catch (...) {
    return current_error();
  }
  return {ExitCode::kDone, "nothing was thrown"};
}

TEST(Error, EachKindHasItsExitCode) {
  EXPECT_EQ(usage_error("x").code(), ExitCode::kUsage);
  EXPECT_EQ(data_error("x").code(), ExitCode::kDataRejected);
  EXPECT_EQ(resource_error("x").code(), ExitCode::kResource);
  EXPECT_EQ(internal_error("{} {}", "a", 1).code(), ExitCode::kInternal);
  EXPECT_STREQ(internal_error("{} {}", "a", 1).what(), "a 1");
}

TEST(Error, GainsContextOnItsWayUp) {
  const Error error = caught([] {
    with_context("reading block 17 of day-03.csv",
                 [] { with_context("line 40211", [] { throw data_error("'4o' is no integer"); }); });
  });
  EXPECT_EQ(error.message(), "reading block 17 of day-03.csv: line 40211: '4o' is no integer");
  EXPECT_EQ(error.code(), ExitCode::kDataRejected);
}

TEST(WithContext, HandsResultsThrough) {
  EXPECT_EQ(with_context("nothing fails", [] { return 7; }), 7);
}

TEST(CurrentError, TranslatesForeignExceptions) {
  EXPECT_EQ(caught([] { throw std::runtime_error("odd"); }).code(), ExitCode::kInternal);
  EXPECT_EQ(caught([] { throw std::runtime_error("odd"); }).message(), "odd");
  EXPECT_EQ(caught([] { throw std::bad_alloc(); }).code(), ExitCode::kResource);
  EXPECT_EQ(caught([] { throw std::bad_alloc(); }).topic(), Topic::kOutOfMemory);
  EXPECT_EQ(caught([] { throw 7; }).code(), ExitCode::kInternal);
}

TEST(ErrnoError, SaysItInWords) {
  const Error error = errno_error("open", "x.csv", ENOENT);
  EXPECT_EQ(error.message(), "cannot open 'x.csv': No such file or directory");
  EXPECT_EQ(error.code(), ExitCode::kResource);
  EXPECT_EQ(
      errno_error("open", "x.csv", std::make_error_code(std::errc::no_such_file_or_directory)).message(),
      error.message());
}

TEST(ErrnoError, HasTheTopicOfItsReason) {
  for (const auto& [number, topic] : std::map<int, Topic>{{ENOENT, Topic::kMissingFile},
                                                          {EISDIR, Topic::kNotAFile},
                                                          {EACCES, Topic::kPermissionDenied},
                                                          {EROFS, Topic::kReadOnly},
                                                          {ENOSPC, Topic::kDiskFull},
                                                          {EDQUOT, Topic::kQuota},
                                                          {EMFILE, Topic::kOpenFiles},
                                                          {ENOMEM, Topic::kOutOfMemory},
                                                          {EIO, Topic::kInputOutput}}) {
    EXPECT_EQ(errno_error("write", "x", number).topic(), topic) << number;
    EXPECT_EQ(errno_error("write", "x", number).code(), ExitCode::kResource) << number;
  }
}

}  // namespace
}  // namespace millrace
