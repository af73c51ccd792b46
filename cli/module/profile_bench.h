#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/module/profile_part.h"
#include "cli/module/run_device.h"
#include "cli/profile_request.h"
#include "cli/progress.h"
#include "profiler/profiler.h"

namespace pipedit::cli {

// Of work until a GPU's clocks are those of long runs: 100 to 150 ms on an H100; an H200 computed 3 % faster in its
// first 400 ms than in the steps of the run that followed.
inline constexpr Nanos kSettled = 500ms;

// The device that a profile is of, equipped for whatever stretch is to run there, and the file that takes what they
// tell. What is measured, and in which order, profile.cpp says.
class ProfileBench {
 public:
  ProfileBench(const ProfileRequest&, Profile&);

  // Throws as RunDevice::check_room() and equip() do.
  void equip();

  bool on_gpu() const { return on_gpu_; }
  DeviceId measured() const { return measured_; }  // the GPU
  const RunDevice& device() const { return *device_; }
  executor::Backend& backend() const { return device_->backend(); }
  const models::Model& model() const { return model_; }
  const executor::Job& job() const { return job_; }
  ProfilePart& part() { return part_; }

  // Ranks that work together wait for the slowest of their GPUs: that one is measured from here on.
  void choose_device(const profiler::Stretch&, executor::Job&);

  // Works until clocks are those of long runs, under the power limit.
  void sustain(profiler::Stretch, executor::Job&);

  // Where a stretch runs. Links are those of the first two GPUs, whichever of them is slower.
  void place(profiler::Stretch&, bool between_devices) const;

  // For a measurement that its progress calls `what`.
  profiler::Options options(const std::string& what, bool between_devices = false);

  // Measures what is not known yet. What stretches that need not run again have told stays as it is. `kernel`: the
  // job's for attention.
  void measure(std::vector<profiler::Stretch>, executor::Job&, profiler::Options, const std::string& kernel = "",
               bool between_devices = false);

 private:
  int devices() const;
  int slowest_device(const profiler::Stretch&, executor::Job&) const;
  void add(const std::vector<ProfilePoint>&, const std::string& kernel, bool between_devices);

  const ProfileRequest& request_;
  Profile& profile_;
  bool on_gpu_;
  std::unique_ptr<RunDevice> device_;
  models::Model model_;
  ProfilePart part_;
  executor::Job job_;
  DeviceId measured_{0};
  bool device_chosen_ = false;
  std::optional<Progress> progress_;
};

}  // namespace pipedit::cli
