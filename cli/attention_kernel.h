#pragma once

#include <string>

#include "core/profile.h"
#include "core/workload.h"
#include "models/model.h"

namespace pipedit::cli {

// The kernel that a plan's attention is to run with: the fastest at the workload's longest sequence, where the profile
// was measured with several; else "auto".
std::string attention_kernel(const Profile&, const models::Model&, const Workload&);

}  // namespace pipedit::cli
