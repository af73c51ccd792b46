#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "core/profile.h"
#include "profiler/stretch.h"

namespace pipedit::cli {

// A profile in the making, kept beside its file so that a profile that was interrupted goes on: FILE.part.
class ProfilePart {
 public:
  // Goes on with what lies there, where it is of the same model, device and machine (on any day); else starts anew.
  ProfilePart(std::filesystem::path, Profile& profile);

  bool goes_on() const { return !profile_.points.empty(); }
  bool holds(const profiler::PointKey&, int busy) const;
  bool holds_contention(Transport, bool between_devices) const;

  // Points of the same kind, sizes and company as new ones are replaced. Saved every few seconds.
  void add(const std::vector<ProfilePoint>&);
  void add(const std::vector<Contention>&);
  void save() const;

 private:
  std::filesystem::path path_;
  Profile& profile_;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
};

}  // namespace pipedit::cli
