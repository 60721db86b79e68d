#include "report/page.hpp"

#include <fmt/format.h>

#include "report/html.hpp"
#include "report/style.hpp"

namespace millrace::html {

namespace {

constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'";

}  // namespace

std::string page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
      kPolicy, escape(title), kStyle, body);
}

}  // namespace millrace::html
