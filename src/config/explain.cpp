// config --explain: every key with its explanation, what it takes and its default, as YAML that is itself a
// configuration once the required keys are filled in.
#include "config/codec.hpp"
#include "config/config.hpp"
#include "config/describe.hpp"
#include "config/writer.hpp"
#include "config/yaml_writer.hpp"

namespace millrace {

namespace {

class Explainer {
 public:
  explicit Explainer(std::string margin = "") : margin_(std::move(margin)) {}

  template <class T>
  void field(const char* name, const T& value, const char* doc, const Limits& limits = {}) {
    comment(fmt::format("{} [{}{}]", doc, words_of(value, limits), limits.required ? "; required" : ""));
    line(fmt::format("{}:{}", name, limits.required ? "" : " " + yaml_inline(write_value(value))));
  }
  template <class Section>
  void section(const char* name, Section& section, const char* doc) {
    if (margin_.empty()) text_ += "\n";
    comment(doc);
    line(std::string(name) + ":");
    nest("  ", section);
  }
  template <class Section>
  void section(const char* name, std::optional<Section>& optional, const char* doc) {
    Section defaults = optional.value_or(Section{});
    comment(std::string(doc) + "; false: off");
    line(std::string(name) + ":");
    nest("  ", defaults);
  }
  template <class Section>
  void list(const char* name, std::vector<Section>&, const char* doc) {
    comment(doc);
    line(std::string(name) + ": []");
    Section defaults;
    comment("  - with these keys:");
    nest("#     ", defaults);
  }
  template <class Section>
  void table(const char* name, std::map<std::string, Section>&, Section prototype, const char* doc) {
    comment(doc);
    line(std::string(name) + ": {}");
    comment("  NAME:");
    nest("#     ", prototype);
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void line(const std::string& content) { text_ += margin_ + content + "\n"; }
  void comment(const std::string& content) { line("# " + content); }
  template <class Section>
  void nest(const char* indent, Section& section) {
    Explainer inner(margin_ + indent);
    describe(inner, section);
    text_ += inner.text();
  }

  std::string margin_;
  std::string text_;
};

}  // namespace

std::string explain_config() {
  PipelineConfig defaults;
  Explainer explainer;
  describe(explainer, defaults);
  return "# Every key of a configuration: what it is, what it takes, and its default.\n"
         "# ${env:NAME} and ${env:NAME:-default} in a value are filled in; $${ is ${ itself.\n\n" +
         explainer.text();
}

}  // namespace millrace
