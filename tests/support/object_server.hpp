// An object store as far as sources need one: objects by their path "/bucket/key", and lists of them as S3
// gives them.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "support/raw_server.hpp"

namespace millrace::testing_support {

class ObjectServer {
 public:
  void put(const std::string& path, const std::string& text) {
    const std::scoped_lock lock(mutex_);
    objects_[path] = text;
  }
  std::string operator()(const RawRequest& request) {
    const std::scoped_lock lock(mutex_);
    const std::string target = request.target();
    if (target.find("list-type=2") != std::string::npos) return list(target);
    const auto object = objects_.find(decoded(target.substr(0, target.find('?'))));
    if (object == objects_.end()) return answer(404, "", "<Error><Code>NoSuchKey</Code></Error>");
    return answer_range(request, object->second, etag(object->second));
  }

 private:
  static std::string etag(const std::string& text) { return fmt::format("\"{}\"", digest_of(text).brief()); }

  // The two characters of these tests' keys that come encoded.
  static std::string decoded(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string code = text.substr(i, 3);
      plain += code == "%2F" ? '/' : code == "%3D" ? '=' : text[i];
      if (code == "%2F" || code == "%3D") i += 2;
    }
    return plain;
  }

  [[nodiscard]] std::string list(const std::string& target) const {
    const std::string bucket = target.substr(0, target.find('?'));
    const auto prefix_at = target.find("prefix=") + 7;
    const std::string prefix = decoded(target.substr(prefix_at, target.find('&', prefix_at) - prefix_at));
    std::string xml = "<R><IsTruncated>false</IsTruncated>";
    for (const auto& [path, text] : objects_) {
      if (!path.starts_with(bucket + prefix)) continue;
      xml += fmt::format("<Contents><Key>{}</Key><Size>{}</Size><ETag>{}</ETag></Contents>",
                         path.substr(bucket.size()), text.size(), etag(text));
    }
    return answer(200, "", xml + "</R>");
  }

  std::mutex mutex_;
  std::map<std::string, std::string> objects_;
};

}  // namespace millrace::testing_support
