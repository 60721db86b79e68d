// Private to report/: HTML from untrusted text and from JSON whose parts may be absent.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace millrace::html {

// For element content and quoted attributes. Control characters become U+FFFD.
std::string escape(std::string_view text);

// json[key1][key2]…, or null where any of them is absent.
const Json& part(const Json& json, std::initializer_list<const char*> keys);

// NaN unless the value is a number.
double number(const Json& json);
// Strings as they are, integers with separators, other numbers as figures, null as "–"; escaped.
std::string text(const Json& json);
// Four decimals below 10, one above, with separators; "–" for what is no number.
std::string figure(double value);
std::string percent(double share);  // 12.3 %

// <span class="badge KIND">…</span>; kinds: good, warn, bad, plain.
std::string badge(std::string_view kind, std::string_view label);
// <section id="…"><h2>…</h2>…</section>, nothing for an empty body.
std::string section(std::string_view id, std::string_view title, const std::string& body);
// A table; cells are HTML already. Cells from the second column on are right-aligned where `figures`.
std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                  bool figures);

}  // namespace millrace::html
