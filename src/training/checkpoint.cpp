#include "training/checkpoint.hpp"

#include <charconv>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "storage/hdf5.hpp"

namespace millrace {

namespace {

constexpr const char* kFormat = "millrace-checkpoint-1";
constexpr std::string_view kPrefix = "step-";
constexpr std::string_view kSuffix = ".h5";

struct Buffer {
  const char* name;
  std::vector<float>* values;
};

std::vector<Buffer> buffers_of(TrainingState& state) {
  return {{"parameters", &state.optimizer.parameters},
          {"first_moment", &state.optimizer.first_moment},
          {"second_moment", &state.optimizer.second_moment},
          {"best_parameters", &state.best_parameters}};
}

std::string check_of(const std::vector<float>& values) {
  return fmt::format("{:016x}", xxh3(as_bytes_view(std::span(values))));
}

// All that is not a buffer, with its own check.
void write_head(hdf5::File& file, const Json& head) {
  const std::string text = canonical_json(head);
  file.set_attribute("format", kFormat);
  file.set_attribute("head", text);
  file.set_attribute("head_check", fmt::format("{:016x}", xxh3(text)));
}

Json read_head(const hdf5::File& file, const std::string& path) {
  if (file.attribute("format") != kFormat)
    throw Error(Topic::kDamagedCheckpoint, "'{}' is no checkpoint", path);
  const std::string text = file.attribute("head");
  if (file.attribute("head_check") != fmt::format("{:016x}", xxh3(text))) {
    throw Error(Topic::kDamagedCheckpoint, "'{}' is damaged: its head does not match its check", path);
  }
  return parse_json(text, path);
}

}  // namespace

std::string checkpoint_path(const std::string& folder, std::uint64_t step) {
  return fmt::format("{}/{}{:09}{}", folder, kPrefix, step, kSuffix);
}

std::vector<CheckpointFile> list_checkpoints(const std::string& folder) {
  std::vector<CheckpointFile> found;
  for (const std::string& name : list_folder(folder)) {
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    std::uint64_t step = 0;
    const char* end = name.data() + name.size() - kSuffix.size();
    const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, step);
    if (parsed.ec == std::errc() && parsed.ptr == end) found.push_back({folder + "/" + name, step});
  }
  std::ranges::sort(found, {}, &CheckpointFile::step);
  return found;
}

void write_checkpoint(const std::string& path, const TrainingState& state,
                      const CheckpointIdentity& identity) {
  PendingFile pending(path);
  hdf5::File file = hdf5::File::create(pending.temporary_path());
  Json checks = Json::object();
  for (const Buffer& buffer : buffers_of(const_cast<TrainingState&>(state))) {
    checks[buffer.name] = check_of(*buffer.values);
    if (!buffer.values->empty()) file.write<float>(buffer.name, std::span<const float>(*buffer.values));
  }
  write_head(file, {{"key", identity.key},
                    {"digest", identity.digest},
                    {"updates", state.optimizer.updates},
                    {"progress", state.progress},
                    {"checks", std::move(checks)}});
  file.close();
  pending.commit();
}

CheckpointIdentity read_checkpoint_identity(const std::string& path) {
  const Json head = read_head(hdf5::File::open(path), path);
  return {json_get<std::string>(head, "key", path), json_get<std::string>(head, "digest", path)};
}

TrainingState read_checkpoint(const std::string& path) {
  const hdf5::File file = hdf5::File::open(path);
  const Json head = read_head(file, path);
  TrainingState state;
  for (const Buffer& buffer : buffers_of(state)) {
    if (file.contains(buffer.name)) *buffer.values = file.read<float>(buffer.name);
    if (json_get<Json>(head, "checks", path).value(buffer.name, "") != check_of(*buffer.values)) {
      throw Error(Topic::kDamagedCheckpoint, "'{}' is damaged: its {} do not match their check", path,
                  buffer.name);
    }
  }
  state.optimizer.updates = json_get<std::uint64_t>(head, "updates", path);
  state.progress = json_get<Progress>(head, "progress", path);
  return state;
}

}  // namespace millrace
