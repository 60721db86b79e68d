#include "net/client/curl_handle.hpp"

#include <cstring>
#include <mutex>
#include <new>

namespace millrace {

CurlHandle::CurlHandle() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  curl_ = curl_easy_init();
  if (curl_ == nullptr) throw std::bad_alloc();
}

CurlHandle::~CurlHandle() {
  curl_easy_cleanup(curl_);
}

void CurlHandle::reset() {
  curl_easy_reset(curl_);
  words_[0] = '\0';
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_NOSIGNAL, 1L);
}

int CurlHandle::status() const {
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

bool CurlHandle::has_shaken_hands() const {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(curl_, CURLINFO_APPCONNECT_TIME_T, &microseconds);
  return microseconds > 0;
}

// libcurl's own words for a failure to connect leave out the reason.
std::string CurlHandle::words(CURLcode code) const {
  long reason = 0;
  curl_easy_getinfo(curl_, CURLINFO_OS_ERRNO, &reason);
  if (code == CURLE_COULDNT_CONNECT && reason != 0) return std::strerror(static_cast<int>(reason));
  return words_[0] == '\0' ? curl_easy_strerror(code) : words_.data();
}

}  // namespace millrace
