#include "cli/module/profile_part.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "cli/output.h"
#include "cli/profile_request.h"
#include "core/error.h"

namespace pipedit::cli {

namespace {

constexpr auto kBetweenSaves = std::chrono::seconds{2};

auto key_of(const ProfilePoint& point) { return std::tie(point.kind, point.dims, point.busy); }
bool stands_before(const ProfilePoint& a, const ProfilePoint& b) { return key_of(a) < key_of(b); }

bool same_origin(const Profile& a, const Profile& b) {
  auto machine = a.machine, other = b.machine;
  for (auto* facts : {&machine, &other}) facts->erase("date"), facts->erase(kMeasuredGpu);
  return a.model == b.model && a.device == b.device && machine == other;
}

}  // namespace

ProfilePart::ProfilePart(std::filesystem::path path, Profile& profile) : path_(std::move(path)), profile_(profile) {
  if (path_.empty() || !std::filesystem::exists(path_)) return;
  try {
    Profile found = read_profile(path_);
    if (same_origin(found, profile_)) profile_ = std::move(found);
  } catch (const InputError&) {
    remark(path_.string() + ": cannot be gone on with; starting anew");
  }
}

bool ProfilePart::holds(const profiler::PointKey& key, int busy) const {
  const ProfilePoint wanted{.kind = key.kind, .dims = key.dims, .busy = busy};
  const auto found = std::lower_bound(profile_.points.begin(), profile_.points.end(), wanted, stands_before);
  return found != profile_.points.end() && key_of(*found) == key_of(wanted);
}

bool ProfilePart::holds_contention(Transport transport, bool between_devices) const {
  return std::ranges::any_of(profile_.contention, [&](const Contention& entry) {
    return entry.transport == transport && entry.between_devices == between_devices;
  });
}

void ProfilePart::add(const std::vector<ProfilePoint>& points) {
  std::vector<ProfilePoint> all = points;
  all.insert(all.end(), profile_.points.begin(), profile_.points.end());
  std::stable_sort(all.begin(), all.end(), stands_before);
  const auto same = [](const ProfilePoint& a, const ProfilePoint& b) { return key_of(a) == key_of(b); };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  profile_.points = std::move(all);
  if (path_.empty() || std::chrono::steady_clock::now() - saved_ < kBetweenSaves) return;
  save();
  saved_ = std::chrono::steady_clock::now();
}

void ProfilePart::add(const std::vector<Contention>& entries) {
  profile_.contention.insert(profile_.contention.end(), entries.begin(), entries.end());
}

void ProfilePart::save() const {
  if (!path_.empty()) write_file(path_, write_profile(profile_));
}

}  // namespace pipedit::cli
