#include "base/topics.hpp"

#include <array>

#include "base/text.hpp"
#include "base/topics/groups.hpp"

namespace millrace {

namespace {

constexpr std::size_t kWidth = 110;  // of a paragraph

// At spaces; a longer word has a line of its own.
std::string wrapped(std::string_view paragraph) {
  std::string text;
  std::size_t width = 0;
  for (const std::string& word : split(paragraph, ' ')) {
    if (!text.empty()) text += width + 1 + word.size() > kWidth ? '\n' : ' ';
    if (text.ends_with('\n')) width = 0;
    text += word;
    width += word.size() + 1;
  }
  return text;
}

std::string links_to(const TopicGroup& group) {
  std::vector<std::string> links;
  for (const TopicEntry& entry : group.entries) links.push_back(fmt::format("[{0}](#{0})", entry.id));
  return wrapped(fmt::format("**{}**: {}", group.title, join(links, ", ")));
}

std::string entry_text(const TopicEntry& entry) {
  return fmt::format("### {}\n\n{}. Exit code {}.\n\n```\n{}\n```\n\n{}\n\n{}\n", entry.id, entry.title,
                     static_cast<int>(entry.code), entry.example, wrapped(entry.cause),
                     wrapped(fmt::format("**What to do**: {}", entry.remedy)));
}

constexpr const char* kIntroduction =
    R"(<!-- Printed by `millrace explain`; the texts are in src/base/topics/. -->
# Errors

A command that fails says once what is wrong, where, and what to do, ends with the exit code on all ranks, and names its
entry here; `millrace explain ID` prints that entry. A run's `run.json` has it as `error.topic`. Each entry has a message as
an example, the cause, and what to do. The server's answers to requests are in [serving.md](serving.md).

)";

}  // namespace

std::span<const TopicGroup> topic_groups() {
  static const std::array kGroups = std::to_array<TopicGroup>({{"Files", file_topics()},
                                                               {"Data", data_topics()},
                                                               {"Configuration", configuration_topics()},
                                                               {"Workspace", workspace_topics()},
                                                               {"Training", training_topics()},
                                                               {"Registry", registry_topics()},
                                                               {"Processes", process_topics()},
                                                               {"Serving", serving_topics()},
                                                               {"Monitoring and cost", monitoring_topics()},
                                                               {"Anything else", general_topics()}});
  return kGroups;
}

const TopicEntry& entry_of(Topic topic) noexcept {
  for (const TopicGroup& group : topic_groups()) {
    for (const TopicEntry& entry : group.entries) {
      if (entry.topic == topic) return entry;
    }
  }
  return general_topics().back();  // a test finds each topic's entry
}

std::optional<Topic> find_topic(std::string_view id) {
  for (const TopicGroup& group : topic_groups()) {
    for (const TopicEntry& entry : group.entries) {
      if (entry.id == id) return entry.topic;
    }
  }
  return std::nullopt;
}

std::vector<std::string> topic_ids() {
  std::vector<std::string> ids;
  for (const TopicGroup& group : topic_groups()) {
    for (const TopicEntry& entry : group.entries) ids.emplace_back(entry.id);
  }
  return ids;
}

std::string explain(Topic topic) {
  return entry_text(entry_of(topic));
}

std::string catalogue() {
  std::string text = kIntroduction;
  for (const TopicGroup& group : topic_groups()) text += links_to(group) + "\n\n";
  for (const TopicGroup& group : topic_groups()) {
    text += fmt::format("## {}\n", group.title);
    for (const TopicEntry& entry : group.entries) text += fmt::format("\n{}", entry_text(entry));
    text += "\n";
  }
  text.pop_back();
  return text;
}

std::string where_explained(const Error& error) {
  return fmt::format("see docs/errors.md#{0}, or: millrace explain {0}", entry_of(error.topic()).id);
}

}  // namespace millrace
