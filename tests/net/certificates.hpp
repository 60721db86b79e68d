// Certificates of a test's own authority, made by the openssl command.
#pragma once

#include <cstdlib>
#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "net/client/http_client.hpp"
#include "net/http.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::testing_support {

class Certificates {
 public:
  Certificates() {
    run(fmt::format("req -x509 {} -subj /CN=authority -days 2 -keyout {} -out {}", kNewKey, path("ca.key"),
                    path("ca.pem")));
    make("server");
  }

  // NAME.pem and NAME.key, for 127.0.0.1 and localhost.
  void make(const std::string& name, int days = 2) const {
    run(fmt::format(
        "req {} -subj /CN={} -addext subjectAltName=IP:127.0.0.1,DNS:localhost -keyout {} -out {}", kNewKey,
        name, path(name + ".key"), path("request")));
    run(fmt::format(
        "x509 -req -in {} -CA {} -CAkey {} -CAcreateserial -days {} -copy_extensions copy -out {}",
        path("request"), path("ca.pem"), path("ca.key"), days, path(name + ".pem")));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] HttpTls tls(const std::string& name = "server") const {
    return {.certificate = path(name + ".pem"), .key = path(name + ".key"), .client_authorities = ""};
  }
  [[nodiscard]] HttpTrust trust() const { return {.authorities = path("ca.pem")}; }

 private:
  static constexpr const char* kNewKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

  static void run(const std::string& arguments) {
    ASSERT_EQ(std::system(("openssl " + arguments + " 2>/dev/null").c_str()), 0) << arguments;
  }
  TemporaryFolder folder_;
};

}  // namespace millrace::testing_support
