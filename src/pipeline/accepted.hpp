// The last data of a pipeline that validation accepted: what the next data is compared with.
//
// refs/accepted/NAME names an object {"dataset", "verdict", "read_as", "compared_with"}. Data that is
// accepted already is compared with what it was compared with then, so that a run which changes nothing finds
// its key again.
#pragma once

#include <optional>
#include <string>

#include "pipeline/stage.hpp"
#include "validation/validate.hpp"

namespace millrace {

// The accepted record that this run's dataset is compared with, by its digest; empty where there is none,
// where its objects are gone, or where it was read with other settings (a column more in data.drop is no
// defect). Root only.
std::string find_accepted(const StageContext& context, const Digest& dataset);
// Throws kResource where an object is missing or damaged.
std::optional<Reference> read_accepted(const Workspace& workspace, const std::string& record);

// Whether the dataset is the one that was accepted last. Root only.
bool is_accepted(const StageContext& context, const Digest& dataset);
// Root only.
void accept(const StageContext& context, const Digest& dataset, const Digest& verdict,
            const std::string& compared_with);

}  // namespace millrace
