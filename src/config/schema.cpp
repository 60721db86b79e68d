// config --schema: for editors that check and complete YAML files.
#include "config/codec.hpp"
#include "config/config.hpp"
#include "config/describe.hpp"
#include "config/writer.hpp"

namespace millrace {

namespace {

template <class Section>
Json section_schema(Section& section, const char* doc, bool may_be_null = false);

class SchemaWriter {
 public:
  template <class T>
  void field(const char* name, const T& value, const char* doc, const Limits& limits = {}) {
    Json schema = schema_of(value, limits);
    schema["description"] = doc;
    if (limits.required) {
      required_.push_back(name);
    } else {
      schema["default"] = Json(write_value(value));
    }
    properties_[name] = std::move(schema);
  }
  template <class Section>
  void section(const char* name, Section& section, const char* doc) {
    properties_[name] = section_schema(section, doc, true);
    // A section with a required key is required itself.
    if (properties_[name].contains("required")) required_.push_back(name);
  }
  template <class Section>
  void section(const char* name, std::optional<Section>&, const char* doc) {
    Section defaults;
    properties_[name] = {{"description", doc},
                         {"anyOf", {section_schema(defaults, doc), {{"type", {"boolean", "null"}}}}}};
  }
  template <class Section>
  void list(const char* name, std::vector<Section>&, const char* doc) {
    Section defaults;
    properties_[name] = {
        {"description", doc}, {"type", {"array", "null"}}, {"items", section_schema(defaults, doc)}};
  }
  template <class Section>
  void table(const char* name, std::map<std::string, Section>&, Section prototype, const char* doc) {
    properties_[name] = {{"description", doc},
                         {"type", {"object", "null"}},
                         {"additionalProperties", section_schema(prototype, doc, true)}};
  }

  [[nodiscard]] Json take(const char* doc, bool may_be_null) {
    const bool optional = may_be_null && required_.empty();
    Json schema{{"type", optional ? Json::array({"object", "null"}) : Json("object")},
                {"description", doc},
                {"properties", std::move(properties_)},
                {"additionalProperties", false}};
    if (!required_.empty()) schema["required"] = std::move(required_);
    return schema;
  }

 private:
  Json properties_ = Json::object();
  std::vector<std::string> required_;
};

template <class Section>
Json section_schema(Section& section, const char* doc, bool may_be_null) {
  SchemaWriter writer;
  describe(writer, section);
  return writer.take(doc, may_be_null);
}

}  // namespace

Json config_schema() {
  PipelineConfig defaults;
  Json schema = section_schema(defaults, "Configuration of a Millrace pipeline");
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "Millrace pipeline";
  return schema;
}

}  // namespace millrace
