#include "base/ssh_signature.hpp"

#include <filesystem>

#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

constexpr double kLimitSeconds = 60;
constexpr int kNoSuchProgram = 127;

class Scratch : public ScratchFolder {
 public:
  Scratch() : ScratchFolder(std::filesystem::temp_directory_path().string(), "millrace-signature") {}

  using ScratchFolder::file;
  [[nodiscard]] std::string file(const char* name, const std::string& bytes) const {
    publish_file(file(name), bytes);
    return file(name);
  }
};

// The shell only brings the text to standard input. Returns what was printed, if the program said yes.
std::string run_keygen(const Scratch& scratch, const SignaturePurpose& purpose, const std::string& text,
                       const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"sh", "-c", "text=$1; shift; exec ssh-keygen \"$@\" <\"$text\"", "sh", text};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const int code = run_child(words, {scratch.file("said"), scratch.file("complaint")}, kLimitSeconds);
  if (code == kNoSuchProgram) {
    throw Error(Topic::kSshKeygen, "signatures need ssh-keygen, which is not installed (Debian: {})",
                "openssh-client");
  }
  const std::string complaint = std::string(trim(read_file(scratch.file("complaint"))));
  if (code != 0) {
    throw Error(purpose.refused, "{} is refused: {}", purpose.subject,
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

// What is checked, and the signature, as files.
struct Signed {
  Scratch scratch;
  std::string text;
  std::string signature;

  Signed(const std::string& text_bytes, const std::string& signature_bytes)
      : text(scratch.file("text", text_bytes)), signature(scratch.file("signature", signature_bytes)) {}
};

}  // namespace

std::string sign(const std::string& text, const std::string& key_file, const SignaturePurpose& purpose) {
  if (!path_exists(key_file)) throw Error(Topic::kMissingFile, "there is no file '{}'", key_file);
  const Scratch scratch;
  const std::string file = scratch.file("text", text);
  (void)run_keygen(scratch, purpose, "/dev/null",
                   {"-Y", "sign", "-f", key_file, "-n", purpose.name_space, file});
  return read_file(file + ".sig");
}

std::string verify_signature(const std::string& text, const std::string& signature,
                             const std::string& allowed_signers, const std::string& time,
                             const SignaturePurpose& purpose) {
  const Signed files(text, signature);
  const std::string signers = files.scratch.file("signers", allowed_signers);
  const std::string at = "-Overify-time=" + keygen_time(time);
  const std::string people = run_keygen(files.scratch, purpose, files.text,
                                        {"-Y", "find-principals", "-f", signers, "-s", files.signature, at});
  std::string person = people.substr(0, people.find_first_of(",\n"));
  (void)run_keygen(
      files.scratch, purpose, files.text,
      {"-Y", "verify", "-f", signers, "-I", person, "-n", purpose.name_space, "-s", files.signature, at});
  return person;
}

std::string signing_key(const std::string& text, const std::string& signature,
                        const SignaturePurpose& purpose) {
  const Signed files(text, signature);
  const std::string said =
      run_keygen(files.scratch, purpose, files.text,
                 {"-Y", "check-novalidate", "-n", purpose.name_space, "-s", files.signature});
  return std::string(
      trim(said.substr(said.rfind(' ') + 1)));  // `Good "…" signature with ED25519 key SHA256:…`
}

std::string public_key(const std::string& key_file) {
  const std::string beside = key_file + ".pub";
  std::string line(trim(read_file(path_exists(beside) ? beside : key_file)));
  const bool is_key = line.starts_with("ssh-") || line.starts_with("ecdsa-") || line.starts_with("sk-");
  if (!is_key || line.find('\n') != std::string::npos) {
    throw Error(Topic::kMissingFile,
                "there is no file '{}' with the public key; 'ssh-keygen -y -f {}' prints it", beside,
                key_file);
  }
  return line;
}

}  // namespace millrace
