// The workspace on disk: objects named by their bytes, the action index, and refs. See docs/architecture.md,
// "Workspace". No locks: publishing is atomic, objects never change, and two writers of one object write the
// same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/publish.hpp"

namespace millrace {

// What readers throw (kDamagedObject) for an object that is not what it should be: with what is wrong and
// what to do.
Error damaged_object(const std::string& path, const std::string& reason);

class Workspace {
 public:
  // Writes nothing; the folder need not exist. Throws kResource where a Millrace of another version made it.
  explicit Workspace(std::string root);
  // Makes the folders and checks that they can be written; kResource with what to do where not.
  void prepare() const;

  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] std::string path(const std::string& relative) const { return root_ + "/" + relative; }
  [[nodiscard]] std::string temporary_folder() const { return path("tmp"); }

  // objects/ab/cdef…
  [[nodiscard]] std::string object_path(const Digest& digest) const;
  [[nodiscard]] bool has_object(const Digest& digest) const;
  // Publishes bytes, or a file that was written in temporary_folder(), as a read-only object. Idempotent: one
  // that is there is only given the present time, from which its age counts (pipeline/garbage.hpp).
  Digest put_object(std::string_view bytes) const;
  Digest put_object(PendingFile& file) const;
  // Throws kResource where the object is missing, or (with `verify`) where its bytes do not match its name.
  [[nodiscard]] std::string get_object(const Digest& digest, bool verify = true) const;

  // actions/STAGE/KEY: what a stage with this key gave.
  [[nodiscard]] std::optional<Json> find_action(const std::string& stage, const Digest& key) const;
  void record_action(const std::string& stage, const Digest& key, const Json& output) const;

  // refs/KIND/NAME: a one-line file that holds a digest and is moved by rename.
  [[nodiscard]] std::optional<Digest> find_ref(const std::string& kind, const std::string& name) const;
  void set_ref(const std::string& kind, const std::string& name, const Digest& digest) const;

 private:
  std::string root_;
};

}  // namespace millrace
