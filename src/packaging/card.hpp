// The model card: what people should know before they use a model, in Markdown. M. Mitchell et al., "Model
// cards for model reporting", FAT* 2019, has its sections. Every figure is in the artifact for programs, too:
// in manifest.json, profile.json and evaluation.json.
#pragma once

#include <string>

#include "base/json.hpp"

namespace millrace {

// What only people know; empty texts are said to be missing.
struct CardTexts {
  std::string purpose;
  std::string limits;
  std::string contact;
};

// `description`: describe_artifact(). `evaluation`: the document of the evaluation stage. Equal arguments
// give equal texts: nothing else goes in.
std::string model_card(const Json& description, const Json& evaluation, const CardTexts& texts);

}  // namespace millrace
