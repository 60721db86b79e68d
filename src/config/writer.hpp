// A visitor that writes a section as JSON, keys in the order in which they are declared.
#pragma once

#include "config/codec.hpp"

namespace millrace {

template <class Section>
OrderedJson write_section(Section& section);

class Writer {
 public:
  template <class T>
  void field(const char* name, const T& value, const char*, const Limits& = {}) {
    object_[name] = write_value(value);
  }
  template <class Section>
  void section(const char* name, Section& section, const char*) {
    object_[name] = write_section(section);
  }
  template <class Section>
  void section(const char* name, std::optional<Section>& section, const char*) {
    object_[name] = section ? write_section(*section) : OrderedJson(false);
  }
  template <class Section>
  void list(const char* name, std::vector<Section>& sections, const char*) {
    object_[name] = OrderedJson::array();
    for (Section& section : sections) object_[name].push_back(write_section(section));
  }
  template <class Section>
  void table(const char* name, std::map<std::string, Section>& sections, const Section&, const char*) {
    object_[name] = OrderedJson::object();
    for (auto& [key, section] : sections) object_[name][key] = write_section(section);
  }

  [[nodiscard]] OrderedJson take() { return std::move(object_); }

 private:
  OrderedJson object_ = OrderedJson::object();
};

template <class Section>
OrderedJson write_section(Section& section) {
  Writer writer;
  describe(writer, section);
  return writer.take();
}

}  // namespace millrace
