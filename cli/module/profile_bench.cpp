#include "cli/module/profile_bench.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/module/profile_programs.h"
#include "cli/output.h"
#include "profiler/device_times.h"

namespace pipedit::cli {

namespace {

constexpr int kRounds = 3;  // on a CPU, which others may share

// Kernels of attention, by the device's names, and transfers between devices have kinds of their own.
std::vector<ProfilePoint> renamed(std::vector<ProfilePoint> points, const std::string& kernel, bool between_devices) {
  for (ProfilePoint& point : points) {
    if (point.kind == "attention" && !kernel.empty()) point.kind += "." + kernel;
    if (point.kind.starts_with("exchange.") && between_devices) point.kind.replace(0, 8, "link");
  }
  return points;
}

}  // namespace

ProfileBench::ProfileBench(const ProfileRequest& request, Profile& profile)
    : request_(request),
      profile_(profile),
      on_gpu_(request.device == "cuda"),
      device_(make_device(
          request.device,
          {.slots = request.cluster.devices.front().slots, .fa3_library = request.fa3_library, .stop = request.stop})),
      model_(on_gpu_ ? with_few_blocks(request.model) : request.model),
      part_(request.part, profile) {}

void ProfileBench::equip() {
  const Workload workload = uniform_workload(request_.workload.shapes.front(), devices());
  Cluster cluster = request_.cluster;
  if (on_gpu_) cluster.devices.assign(static_cast<std::size_t>(devices()), cluster.devices.front());
  const program::Program program = replicas_program(model_, cluster, workload, devices());
  job_.model = &model_;
  const executor::RunOrigin origin{.random_weights = 1, .random_embeddings = 1};
  device_->check_room(program);
  device_->equip(job_, origin, program);
  device_->hold_on_host(job_, origin);
}

// That plans would use, or one more for what was begun on it.
int ProfileBench::devices() const {
  const int begun = measured_gpu(profile_).value_or(0) + 1;
  return std::min(device_->count(), std::max(begun, request_.cluster.ranks()));
}

profiler::Options ProfileBench::options(const std::string& what, bool between_devices) {
  progress_.emplace(what);
  profiler::Options options;
  options.slots = std::min(request_.cluster.devices[0].slots, request_.cluster.ranks_per_device);
  options.ranks = request_.cluster.ranks_per_device;
  options.tolerance = request_.tolerance;
  options.longest = request_.longest;
  options.rounds = on_gpu_ ? 1 : kRounds;
  options.times_of = on_gpu_ ? profiler::TimesOf::first_stretch : profiler::TimesOf::every_stretch;
  options.settled = on_gpu_ && !between_devices ? kSettled : 0ns;  // transfers alone do not heat it
  options.stop = request_.stop;
  options.progress = [this](std::size_t done, std::size_t of, Nanos left) { progress_->update(done, of, left); };
  return options;
}

void ProfileBench::measure(std::vector<profiler::Stretch> stretches, executor::Job& job, profiler::Options options,
                           const std::string& kernel, bool between_devices) {
  const auto known = [&](const profiler::PointKey& point) {
    const auto key = renamed({{.kind = point.kind, .dims = point.dims}}, kernel, between_devices).front();
    return part_.holds({key.kind, key.dims}, 1) && (options.slots == 1 || part_.holds(point, options.slots));
  };
  std::set<profiler::PointKey> kept;
  std::erase_if(stretches, [&](const profiler::Stretch& stretch) {
    if (!std::ranges::all_of(stretch.wanted, known)) return false;
    std::ranges::copy_if(stretch.points, std::inserter(kept, kept.end()), known);
    return true;
  });
  for (profiler::Stretch& stretch : stretches) place(stretch, between_devices);
  const auto take = [&](std::vector<ProfilePoint> points) {
    std::erase_if(points, [&](const ProfilePoint& point) { return kept.contains({point.kind, point.dims}); });
    add(points, kernel, between_devices);
  };
  options.measured = take;
  take(profiler::measure(stretches, device_->backend(), job, options));
}

void ProfileBench::place(profiler::Stretch& stretch, bool between_devices) const {
  stretch.device = between_devices ? DeviceId{0} : measured_;
  stretch.other = between_devices ? DeviceId{1} : measured_;
}

// Parts that stay with their rank are those of one device, beside its work.
void ProfileBench::add(const std::vector<ProfilePoint>& points, const std::string& kernel, bool between_devices) {
  std::vector<ProfilePoint> all = renamed(points, kernel, between_devices);
  std::erase_if(all, [](const ProfilePoint& point) { return point.kind == "link.local"; });
  part_.add(all);
}

void ProfileBench::choose_device(const profiler::Stretch& stretch, executor::Job& job) {
  if (std::exchange(device_chosen_, true)) return;
  const auto known = measured_gpu(profile_);
  measured_ = DeviceId{known && *known < devices() ? *known : slowest_device(stretch, job)};
  profile_.machine[kMeasuredGpu] = std::to_string(index(measured_));
}

int ProfileBench::slowest_device(const profiler::Stretch& stretch, executor::Job& job) const {
  if (devices() == 1) return 0;
  const auto times = profiler::device_times(stretch, devices(), device_->backend(), job, request_.sustain);
  const auto [least, most] = std::ranges::minmax_element(times);
  const double slower = static_cast<double>(most->count()) / static_cast<double>(least->count()) - 1;
  remark(fmt::format("of {} GPUs the slowest is measured: GPU {}, {:.1f} % slower than GPU {}", devices(),
                     most - times.begin(), 100 * slower, least - times.begin()));
  return static_cast<int>(most - times.begin());
}

void ProfileBench::sustain(profiler::Stretch stretch, executor::Job& job) {
  place(stretch, false);
  profiler::Options options;
  options.tolerance = 0;
  options.longest = request_.sustain;
  options.stop = request_.stop;
  profiler::measure({stretch}, device_->backend(), job, options);
}

}  // namespace pipedit::cli
