// The catalogue's parts, a file each. Internal to base/.
#pragma once

#include "base/topics.hpp"

namespace millrace {

std::span<const TopicEntry> file_topics();
std::span<const TopicEntry> data_topics();
std::span<const TopicEntry> configuration_topics();
std::span<const TopicEntry> workspace_topics();
std::span<const TopicEntry> training_topics();
std::span<const TopicEntry> registry_topics();
std::span<const TopicEntry> process_topics();
std::span<const TopicEntry> serving_topics();
std::span<const TopicEntry> monitoring_topics();
std::span<const TopicEntry> general_topics();

}  // namespace millrace
