#include "scoring/columns.hpp"

#include <algorithm>
#include <set>

#include "base/topics.hpp"

namespace millrace {

namespace {

void add_inputs(const ScoringModel& model, std::vector<Field>& fields) {
  for (const Field& field : model.artifact.scorer.plan().input_schema()) {
    const auto found = std::ranges::find(fields, field.name, &Field::name);
    if (found == fields.end()) {
      fields.push_back(field);
    } else if (found->type != field.type) {
      throw Error(Topic::kChangedType, "one model needs the column '{}' as {}, the other as {}", field.name,
                  to_string(found->type), to_string(field.type));
    }
  }
}

std::vector<Field> scores_of(const TargetPlan& target) {
  if (target.task == "regression") return {{"prediction", ColumnType::kReal}};
  if (target.task == "binary") return {{"probability", ColumnType::kReal}, {"class", ColumnType::kText}};
  std::vector<Field> fields{{"class", ColumnType::kText}};
  for (const std::string& name : target.classes)
    fields.push_back({"probability of " + name, ColumnType::kReal});
  return fields;
}

void require_different(const std::vector<Field>& fields) {
  std::set<std::string> seen;
  for (const Field& field : fields) {
    if (seen.insert(field.name).second) continue;
    throw Error(Topic::kCommandLine,
                "the scores would have two columns '{}': do not --keep that one, or twice", field.name);
  }
}

}  // namespace

ScoringModel read_scoring_model(const std::string& path) {
  return {read_artifact(path), digest_of_file(path)};
}

Schema columns_to_read(const ScoringModel& model, const ScoringModel* against,
                       const std::vector<std::string>& keep) {
  std::vector<Field> fields;
  add_inputs(model, fields);
  if (against != nullptr) add_inputs(*against, fields);
  for (const std::string& name : keep) {
    if (std::ranges::find(fields, name, &Field::name) == fields.end())
      fields.push_back({name, ColumnType::kText});
  }
  return Schema(std::move(fields));
}

ScoreColumns score_columns(const TargetPlan& target, const Schema& read,
                           const std::vector<std::string>& keep) {
  std::vector<Field> fields{
      {"file", ColumnType::kText}, {"row", ColumnType::kInteger}, {"version", ColumnType::kInteger}};
  const std::size_t first_kept = fields.size();
  for (const std::string& name : keep) fields.push_back(read[read.index_of(name)]);
  const std::size_t first_score = fields.size();
  for (Field& field : scores_of(target)) fields.push_back(std::move(field));
  require_different(fields);
  return {Schema(std::move(fields)), first_kept, first_score};
}

std::size_t class_of(const TargetPlan& target, std::span<const float> scores) {
  if (target.task == "binary") return scores[0] >= 0.5F ? 1 : 0;
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

}  // namespace millrace
