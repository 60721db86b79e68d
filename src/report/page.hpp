// Private to report/: the frame of every page.
#pragma once

#include <string>

namespace millrace::html {

// `title` is text, `body` is HTML. The page loads nothing and runs nothing, whatever text got into it.
std::string page(const std::string& title, const std::string& body);

}  // namespace millrace::html
