// Sources of other machines: objects of S3 stores and files of web servers. They are fetched in parts, by all
// ranks and over several connections of each.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingestion/source_kind.hpp"
#include "remote/client_options.hpp"
#include "remote/s3_store.hpp"

namespace millrace {

class RemoteFiles : public SourceKind {
 public:
  [[nodiscard]] bool is_local() const override { return false; }
  // Of all parts of all files, part i is for rank i mod ranks. Throws kResource; kStopped where the run is
  // asked to stop.
  void fetch(const std::vector<Copy>& copies, const Share& share) override;

 protected:
  explicit RemoteFiles(const TransferConfig& transfer) : transfer_(transfer) {}
  [[nodiscard]] virtual remote::Address address_of(const std::string& place) = 0;
  [[nodiscard]] HttpClient client() const { return HttpClient(remote::client_options(transfer_)); }

 private:
  TransferConfig transfer_;
};

// "s3://bucket/key"; a prefix that ends in '/', or a bucket alone, means all keys below it that are CSV by
// their names, as for a folder; '*', '?' and '[…]' stand for parts of a key without '/'.
class S3Files : public RemoteFiles {
 public:
  explicit S3Files(const DataConfig& config) : RemoteFiles(config.transfer), config_(config.s3) {}

  [[nodiscard]] bool takes(const std::string& text) const override { return text.starts_with("s3://"); }
  [[nodiscard]] std::vector<FoundFile> expand(const std::string& entry) override;

 private:
  [[nodiscard]] remote::Address address_of(const std::string& place) override;
  [[nodiscard]] const remote::S3Store& store();  // made when it is needed: it asks for credentials

  S3Config config_;
  std::once_flag made_;
  std::optional<remote::S3Store> store_;
};

// "https://host/path", "http://host/path": one file.
class WebFiles : public RemoteFiles {
 public:
  explicit WebFiles(const DataConfig& config) : RemoteFiles(config.transfer) {}

  [[nodiscard]] bool takes(const std::string& text) const override {
    return text.starts_with("https://") || text.starts_with("http://");
  }
  [[nodiscard]] std::vector<FoundFile> expand(const std::string& entry) override;

 private:
  [[nodiscard]] remote::Address address_of(const std::string& place) override;
};

}  // namespace millrace
