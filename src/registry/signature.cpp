#include "registry/signature.hpp"

#include <cstdlib>
#include <filesystem>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr double kLimitSeconds = 60;
constexpr int kNoSuchProgram = 127;

// A folder of this call's own, gone with it.
class Scratch {
 public:
  Scratch() : path_(std::filesystem::temp_directory_path() / "millrace-signature-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw errno_error("create a folder like", path_, errno);
  }
  ~Scratch() {
    std::error_code ignored;  // a folder of the system's temporary ones is left at worst
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }
  [[nodiscard]] std::string file(const char* name, const std::string& bytes) const {
    publish_file(file(name), bytes);
    return file(name);
  }

 private:
  std::string path_;
};

// The shell only brings the statement to standard input. Returns what was printed, if the program said yes.
std::string run_keygen(const Scratch& scratch, const std::string& statement,
                       const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"sh", "-c", "statement=$1; shift; exec ssh-keygen \"$@\" <\"$statement\"",
                                 "sh", statement};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const int code = run_child(words, {scratch.file("said"), scratch.file("complaint")}, kLimitSeconds);
  if (code == kNoSuchProgram) {
    throw Error(Topic::kSshKeygen, "signatures need ssh-keygen, which is not installed (Debian: {})",
                "openssh-client");
  }
  const std::string complaint = std::string(trim(read_file(scratch.file("complaint"))));
  if (code != 0) {
    throw Error(Topic::kRefusedSignOff, "the sign-off is refused: {}",
                complaint.empty() ? fmt::format("ssh-keygen ended with {}", code) : complaint);
  }
  return read_file(scratch.file("said"));
}

// "2026-11-26T12:54:03.123Z" as ssh-keygen takes it: 20261126125403Z.
std::string keygen_time(const std::string& time) {
  std::string digits;
  for (const char c : time.substr(0, 19)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits + "Z";
}

}  // namespace

std::string sign(const std::string& statement, const std::string& key_file) {
  if (!path_exists(key_file)) throw Error(Topic::kMissingFile, "there is no file '{}'", key_file);
  const Scratch scratch;
  const std::string file = scratch.file("statement", statement);
  (void)run_keygen(scratch, "/dev/null", {"-Y", "sign", "-f", key_file, "-n", kSignatureNamespace, file});
  return read_file(file + ".sig");
}

std::string verify_signature(const std::string& statement, const std::string& signature,
                             const std::string& allowed_signers, const std::string& time) {
  const Scratch scratch;
  const std::string signers = scratch.file("signers", allowed_signers);
  const std::string signature_file = scratch.file("signature", signature);
  const std::string file = scratch.file("statement", statement);
  const std::string at = "-Overify-time=" + keygen_time(time);
  const std::string people =
      run_keygen(scratch, file, {"-Y", "find-principals", "-f", signers, "-s", signature_file, at});
  std::string person = people.substr(0, people.find_first_of(",\n"));
  (void)run_keygen(
      scratch, file,
      {"-Y", "verify", "-f", signers, "-I", person, "-n", kSignatureNamespace, "-s", signature_file, at});
  return person;
}

}  // namespace millrace
