// One object of a server, as bytes that stand still: what is read later is what was found first, or an error.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "net/client/http_client.hpp"

namespace millrace::remote {

// Where an object is asked for, and with which headers besides those given (signatures, made anew for each
// attempt).
struct Address {
  std::string url;
  std::string name;  // what messages call it
  std::function<HttpHeaders(const HttpHeaders&)> sign = {};
  bool follow = false;  // redirects
};

struct ObjectInfo {
  std::uint64_t bytes = 0;
  std::string etag;     // as the server wrote it; "" where it gave none
  std::string version;  // "" where the server keeps none
  bool ranges = true;   // false: the server sends the whole object or nothing
};

// Asks for the first byte, which tells all of this (and, other than HEAD, says what is wrong). Throws
// kResource: kMissingSource for 404, kDeniedSource for 401 and 403, kUnreachableSource for anything else.
ObjectInfo look_at(HttpClient& client, const Address& address);

// Bytes [begin, end) of the object, not empty. Throws as look_at() does, and kFileChanged where the object is
// no longer the one that was looked at.
void read_range(HttpClient& client, const Address& address, const ObjectInfo& object, std::uint64_t begin,
                std::uint64_t end, const BodySink& sink);

// All of an object whose server knows no ranges. Returns its size.
std::uint64_t read_whole(HttpClient& client, const Address& address, const BodySink& sink);

// What an answer that is none of those expected means; the words are the server's.
Error refused(const std::string& name, const HttpAnswer& answer);

}  // namespace millrace::remote
