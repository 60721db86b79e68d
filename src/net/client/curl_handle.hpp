// Owns a handle of libcurl, and with it a connection. Internal to net/client/.
#pragma once

#include <array>
#include <string>

#include <curl/curl.h>

#include "base/error.hpp"

namespace millrace {

class CurlHandle {
 public:
  CurlHandle();
  ~CurlHandle();
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  void reset();  // all options; the connection stays

  template <class T>
  void set(CURLoption option, T value) {
    if (const CURLcode code = curl_easy_setopt(curl_, option, value); code != CURLE_OK)
      throw internal_error("libcurl option {}: {}", static_cast<int>(option), curl_easy_strerror(code));
  }
  void set(CURLoption option, const std::string& value) { set(option, value.c_str()); }

  CURLcode perform() { return curl_easy_perform(curl_); }

  // Of what was performed last:
  [[nodiscard]] int status() const;
  [[nodiscard]] bool has_shaken_hands() const;  // TLS, on a connection of its own
  [[nodiscard]] std::string words(CURLcode code) const;

 private:
  CURL* curl_;
  std::array<char, CURL_ERROR_SIZE> words_{};
};

}  // namespace millrace
