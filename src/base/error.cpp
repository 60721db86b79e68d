#include "base/error.hpp"

#include <new>
#include <system_error>

namespace millrace {

Error errno_error(const std::string& action, const std::string& path, int error_number) {
  return resource_error("cannot {} '{}': {}", action, path, std::generic_category().message(error_number));
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return resource_error("out of memory");
  } catch (const std::exception& error) {
    return internal_error("{}", error.what());
  } catch (...) {
    return internal_error("unknown exception");
  }
}

}  // namespace millrace
