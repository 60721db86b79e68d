#include "base/error.hpp"

#include <cerrno>
#include <new>

#include "base/position.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

Topic general_topic(ExitCode code) {
  switch (code) {
    case ExitCode::kUsage:
      return Topic::kUsage;
    case ExitCode::kDataRejected:
      return Topic::kData;
    case ExitCode::kGateNotPassed:
      return Topic::kGate;
    case ExitCode::kResource:
      return Topic::kResource;
    case ExitCode::kStopped:
      return Topic::kStopped;
    default:
      return Topic::kInternal;
  }
}

Topic topic_of_errno(int error_number) {
  switch (error_number) {
    case ENOENT:
      return Topic::kMissingFile;
    case EISDIR:
    case ENOTDIR:
      return Topic::kNotAFile;
    case EACCES:
    case EPERM:
      return Topic::kPermissionDenied;
    case EROFS:
      return Topic::kReadOnly;
    case ENOSPC:
      return Topic::kDiskFull;
    case EDQUOT:
      return Topic::kQuota;
    case EMFILE:
    case ENFILE:
      return Topic::kOpenFiles;
    case ENOMEM:
      return Topic::kOutOfMemory;
    default:
      return Topic::kInputOutput;
  }
}

}  // namespace

Error::Error(ExitCode code, std::string message)
    : code_(code), topic_(general_topic(code)), message_(std::move(message)) {}

Error::Error(Topic topic, Formatted message)
    : code_(entry_of(topic).code), topic_(topic), message_(std::move(message.text)) {}

Error Error::reworded(std::string message) const {
  Error same = *this;
  same.message_ = std::move(message);
  return same;
}

Error errno_error(const std::string& action, const std::string& path, int error_number) {
  return {topic_of_errno(error_number), "cannot {} '{}': {}", action, path,
          std::generic_category().message(error_number)};
}

Error errno_error(const std::string& action, const std::string& path, const std::error_code& error) {
  return errno_error(action, path, error.value());
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {Topic::kOutOfMemory, "out of memory in stage {}", current_stage()};
  } catch (const std::exception& error) {
    return internal_error("{}", error.what());
  } catch (...) {
    return internal_error("unknown exception");
  }
}

}  // namespace millrace
