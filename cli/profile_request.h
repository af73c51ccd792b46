#pragma once

#include <string>

#include "core/cluster.h"
#include "core/profile.h"
#include "core/workload.h"
#include "models/model.h"

// What passes between the program and the module that holds LibTorch.
namespace pipedit::cli {

struct ProfileRequest {
  models::Model model;
  Cluster cluster;    // of this machine: how many ranks, and how many tasks run side by side
  Workload workload;  // the first request's shape is measured
  double tolerance = 0;
  Nanos longest{0};    // of one point
  std::string ffmpeg;  // empty: that of the path, else the one found at set-up
};

// What lib/libpipedit_run.so exports. Measures what plans of the model need that use up to the cluster's ranks; leaves
// Profile::machine to the caller.
using ProfileFunction = void (*)(const ProfileRequest&, Profile&);
inline constexpr const char* kProfileSymbol = "pipedit_profile";

}  // namespace pipedit::cli
