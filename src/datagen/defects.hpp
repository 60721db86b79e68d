// What can be wrong with a row of the files, on purpose.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace::datagen {

enum class Defect : std::uint8_t {
  kNone,
  kRagged,     // a field too few, or one too many
  kText,       // a word where a number belongs
  kDuplicate,  // the row stands there twice
  kBlank,      // an empty line in front of it
  kQuote,      // a quote that nothing closes: how much of the file it swallows is up to the reader
};

// Whether a reader can still read the row itself.
inline bool is_readable(Defect defect) {
  return defect == Defect::kNone || defect == Defect::kDuplicate || defect == Defect::kBlank;
}

class DefectSource {
 public:
  // Throws kUsage for a share outside [0, 1] and for unknown kinds (with a near miss).
  DefectSource(double share, const std::vector<std::string>& kinds, std::uint64_t seed);

  [[nodiscard]] Defect draw(std::int32_t day, std::uint64_t row) const;

 private:
  double share_;
  std::uint64_t seed_;
  std::vector<Defect> kinds_;
};

}  // namespace millrace::datagen
