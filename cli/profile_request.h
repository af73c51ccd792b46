#pragma once

#include <atomic>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>

#include "core/cluster.h"
#include "core/profile.h"
#include "core/workload.h"
#include "models/model.h"

// What passes between the program and the module that holds LibTorch.
namespace pipedit::cli {

struct ProfileRequest {
  models::Model model;
  Cluster cluster;             // plans have up to so many ranks; how many tasks run side by side on a device
  Workload workload;           // all of its shapes are measured
  std::string device = "cpu";  // or "cuda"
  double tolerance = 0;
  Nanos longest{0};                         // of one stretch of tasks
  Nanos sustain{0};                         // of work before a GPU is measured
  std::string ffmpeg;                       // empty: that of the path, else the one found at set-up
  std::filesystem::path fa3_library;        // of FlashAttention-3; empty: the one beside LibTorch, if there is one
  std::filesystem::path part;               // what is known so far is kept here, and gone on with
  const std::atomic<bool>* stop = nullptr;  // set: ends in seconds
};

// Which of several GPUs the profile is of, by its fingerprint.
inline constexpr const char* kMeasuredGpu = "measured_gpu";
inline std::optional<int> measured_gpu(const Profile& profile) {
  const auto found = profile.machine.find(kMeasuredGpu);
  if (found == profile.machine.end()) return std::nullopt;
  int number = -1;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number < 0 ? std::nullopt : std::optional(number);
}

// What lib/libpipedit_run.so exports. Measures what plans of the model need that use up to the cluster's ranks; goes on
// with Profile::points where Profile::machine, which the caller gives, is that of the kept part.
using ProfileFunction = void (*)(const ProfileRequest&, Profile&);
inline constexpr const char* kProfileSymbol = "pipedit_profile";

}  // namespace pipedit::cli
