#include "versions/diff.hpp"

#include <algorithm>
#include <optional>

#include "versions/distribution_change.hpp"
#include "versions/stored.hpp"

namespace millrace {

namespace {

// Fields of one schema that the other does not have, by name.
Json fields_missing_in(const Schema& other, const Schema& schema) {
  Json fields = Json::array();
  for (const Field& field : schema) {
    if (!other.contains(field.name))
      fields.push_back({{"name", field.name}, {"type", to_string(field.type)}});
  }
  return fields;
}

std::vector<std::string> common_names(const Schema& schema, const Schema& other) {
  std::vector<std::string> names = schema.names();
  std::erase_if(names, [&](const std::string& name) { return !other.contains(name); });
  return names;
}

Json diff_schemas(const Schema& before, const Schema& after) {
  Json retyped = Json::array();
  const std::vector<std::string> common = common_names(before, after);
  for (const std::string& name : common) {
    const ColumnType was = before[before.index_of(name)].type;
    const ColumnType is = after[after.index_of(name)].type;
    if (was != is) retyped.push_back({{"name", name}, {"types", {to_string(was), to_string(is)}}});
  }
  return {{"added", fields_missing_in(before, after)},
          {"removed", fields_missing_in(after, before)},
          {"retyped", retyped},
          {"reordered", common != common_names(after, before)}};
}

struct Part {
  SourceFile source;
  std::uint64_t rows = 0;
};

std::vector<Part> parts_of(const Dataset& dataset) {
  const std::vector<std::uint64_t> rows = rows_by_source(dataset);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < rows.size(); ++i) parts.push_back({dataset.sources[i], rows[i]});
  return parts;
}

// Takes the first part that fits out of the list.
template <class Fits>
std::optional<Part> take(std::vector<Part>& parts, Fits fits) {
  const auto found = std::find_if(parts.begin(), parts.end(), fits);
  if (found == parts.end()) return std::nullopt;
  const Part part = *found;
  parts.erase(found);
  return part;
}

Json parts_json(const std::vector<Part>& parts) {
  Json json = Json::array();
  for (const Part& part : parts)
    json.push_back({{"name", part.source.name}, {"rows", part.rows}, {"bytes", part.source.bytes}});
  return json;
}

Json diff_sources(const Dataset& before, const Dataset& after) {
  std::vector<Part> old_parts = parts_of(before);
  std::vector<Part> new_parts = parts_of(after);
  std::size_t unchanged = 0;
  std::erase_if(new_parts, [&](const Part& part) {
    const auto same =
        take(old_parts, [&](const Part& old) { return old.source.digest == part.source.digest; });
    unchanged += same ? 1 : 0;
    return same.has_value();
  });
  Json changed = Json::array();
  std::erase_if(new_parts, [&](const Part& part) {
    const auto was = take(old_parts, [&](const Part& old) { return old.source.name == part.source.name; });
    if (was) {
      changed.push_back({{"name", part.source.name},
                         {"rows", {was->rows, part.rows}},
                         {"bytes", {was->source.bytes, part.source.bytes}}});
    }
    return was.has_value();
  });
  return {{"added", parts_json(new_parts)},
          {"removed", parts_json(old_parts)},
          {"changed", changed},
          {"unchanged", unchanged}};
}

Json diff_shards(const Workspace& workspace, const Dataset& before, const Dataset& after) {
  std::vector<Digest> gone = distinct_shards(before);
  std::vector<Digest> added = distinct_shards(after);
  std::sort(gone.begin(), gone.end());
  std::sort(added.begin(), added.end());
  std::vector<Digest> shared;
  std::set_intersection(gone.begin(), gone.end(), added.begin(), added.end(), std::back_inserter(shared));
  const auto is_shared = [&](const Digest& shard) {
    return std::binary_search(shared.begin(), shared.end(), shard);
  };
  std::erase_if(gone, is_shared);
  std::erase_if(added, is_shared);
  return {{"shared", shared.size()}, {"shared_bytes", stored_bytes(workspace, shared)},
          {"new", added.size()},     {"new_bytes", stored_bytes(workspace, added)},
          {"gone", gone.size()},     {"gone_bytes", stored_bytes(workspace, gone)}};
}

// Numbers can be compared with numbers of another type, texts with texts.
bool is_comparable(const Field& before, const Field& after) {
  const auto counts = [](ColumnType type) { return is_number(type) || type == ColumnType::kBoolean; };
  return before.type == after.type || (counts(before.type) && counts(after.type));
}

Json diff_columns(const Dataset& before, const Dataset& after) {
  Json columns = Json::array();
  for (const std::string& name : common_names(after.schema, before.schema)) {
    const std::size_t was = before.schema.index_of(name);
    const std::size_t is = after.schema.index_of(name);
    if (!is_comparable(before.schema[was], after.schema[is])) continue;
    columns.push_back(column_change(after.schema[is], before.profile.at(was), after.profile.at(is)));
  }
  const auto psi = [](const Json& column) {
    return column["psi"].is_null() ? -1.0 : column["psi"].get<double>();
  };
  std::stable_sort(columns.begin(), columns.end(),
                   [&](const Json& a, const Json& b) { return psi(a) > psi(b); });
  return columns;
}

}  // namespace

Json diff_datasets(const Workspace& workspace, const Dataset& before, const Dataset& after) {
  return {{"rows", {before.rows(), after.rows()}},
          {"rejected", {before.rejects.count, after.rejects.count}},
          {"schema", diff_schemas(before.schema, after.schema)},
          {"sources", diff_sources(before, after)},
          {"shards", diff_shards(workspace, before, after)},
          {"columns", diff_columns(before, after)}};
}

}  // namespace millrace
