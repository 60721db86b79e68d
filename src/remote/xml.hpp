// As much of XML as S3's answers are: elements without attributes that matter, texts with entities.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace millrace::remote {

// What stands inside each element of this name, in order, as it is. Elements of one name do not nest.
std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view name);
// The text of the first element of this name; "" where there is none.
std::string xml_text(std::string_view xml, std::string_view name);

}  // namespace millrace::remote
