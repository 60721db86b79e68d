// What a name answers with: one version, or several that share its requests; and the catalogue of all names.
// Both are snapshots: a change makes a new one, and each request keeps the one that it began with. Internal
// to serving/.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serving/metrics.hpp"
#include "serving/models/served_model.hpp"
#include "storage/endpoint_state.hpp"

namespace millrace {

// A version and its part.
struct Arm {
  ArmKind kind = ArmKind::kCurrent;
  Deployed what;                             // its artifact's digest may be empty: a file's
  std::shared_ptr<const ServedModel> model;  // none where it could not be loaded
  std::shared_ptr<ModelMetrics> metrics;
  std::string error;  // why it could not

  [[nodiscard]] bool ready() const { return model != nullptr; }
};

struct Served {
  std::string name;
  std::uint64_t generation = 0;  // of the endpoint's state
  bool is_endpoint = false;      // follows deploy/NAME/state.json; else given, or loaded on request
  CandidateMode mode = CandidateMode::kCanary;
  double percent = 0;
  std::vector<Arm> arms;  // the current one first

  [[nodiscard]] const Arm& current() const { return arms.front(); }
  // One that is loaded; nullptr without one.
  [[nodiscard]] const Arm* find(ArmKind kind) const;
  [[nodiscard]] const Arm* find_version(std::string_view version) const;
  // Whether a part of the requests is the candidate's, to answer or to score beside.
  [[nodiscard]] bool is_split() const { return find(ArmKind::kCandidate) != nullptr && percent > 0; }
  // Of a request with this bucket.
  [[nodiscard]] const Arm& arm_of(std::uint32_t bucket) const;
  // The arm that scores it beside the one that answers; nullptr for none.
  [[nodiscard]] const Arm* shadow_of(std::uint32_t bucket) const;
  [[nodiscard]] std::vector<std::string> versions() const;  // that are loaded
};

class Catalog {
 public:
  // Under its name; the first of a name is kept.
  void add(const std::string& name, const std::shared_ptr<const Served>& served);
  [[nodiscard]] std::shared_ptr<const Served> find(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, std::shared_ptr<const Served>, std::less<>>& all() const {
    return served_;
  }
  // Each once, though an endpoint may have its model's name as well.
  [[nodiscard]] std::vector<std::shared_ptr<const Served>> distinct() const;

 private:
  std::map<std::string, std::shared_ptr<const Served>, std::less<>> served_;
};

}  // namespace millrace
