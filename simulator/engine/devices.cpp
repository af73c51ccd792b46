#include "simulator/engine/devices.h"

#include <algorithm>

namespace pipedit::simulator {

using program::Lane;

namespace {

void mark(World& world, int id) {
  DeviceState& device = world.device(id);
  if (!device.dirty) world.dirty_devices.push_back(id);
  device.dirty = true;
}

void count(DeviceState& device, Lane lane, int change) {
  if (lane == Lane::compute) device.running += change;
  if (lane == Lane::copy) device.loading += change;
}

void join(World& world, int id, DeviceJob job) {
  DeviceState& device = world.device(id);
  device.jobs.push_back(job);
  count(device, job.lane, 1);
  mark(world, id);
}

// Transfers of every transport that is under way slow the task down.
double contention(const World& world, const DeviceState& device, program::OpKind kind) {
  double factor = 1;
  for (std::size_t transport = 0; transport < device.touching.size(); ++transport)
    if (device.touching[transport] > 0) factor *= at(world.contention, kind)[transport];
  return factor;
}

double share_of_slots(const World& world, const DeviceState& device) {
  if (device.running <= device.slots) return 1;
  return static_cast<double>(device.slots) / device.running / world.sharing_loss;
}

void update(World& world, DeviceState& device) {
  device.dirty = false;
  // What several ranks load at once shares the device's link to the host.
  const double of_slots = share_of_slots(world, device), of_link = 1.0 / std::max(1, device.loading);
  for (const DeviceJob& job : device.jobs) {
    const double whole = job.lane == Lane::compute ? of_slots : job.lane == Lane::copy ? of_link : 1;
    const double share = whole / contention(world, device, job.kind);
    world.jobs.set_rate(job.job, rate_of(share), world.now, world.agenda);
  }
}

}  // namespace

void begin_task(World& world, Run& run, int node) {
  const TaskFacts& task = *at(run.plan->nodes, node).task;
  const RankState& rank = world.rank(task.rank);
  const JobId job = world.jobs.add({.kind = JobKind::task, .run = &run, .node = node}, task.cost, world.now);
  // A CPU's tasks take turns. A GPU's frames are written by a thread of the host, which nothing there slows down.
  if (rank.cpu || task.lane == Lane::writer)
    world.jobs.set_rate(job, kFull, world.now, world.agenda);
  else
    join(world, rank.device, {job, task.kind, task.lane});
}

void leave_device(World& world, int id, JobId job) {
  DeviceState& device = world.device(id);
  const auto found =
      std::find_if(device.jobs.begin(), device.jobs.end(), [&](const DeviceJob& j) { return j.job == job; });
  if (found == device.jobs.end()) return;
  count(device, found->lane, -1);
  *found = device.jobs.back();
  device.jobs.pop_back();
  mark(world, id);
}

void touch(World& world, const PartFacts& part, int change) {
  const auto transport = static_cast<std::size_t>(part.transport);
  for (const int id : {part.from_device, part.to_device}) {
    world.device(id).touching[transport] += change;
    mark(world, id);
    if (part.from_device == part.to_device) return;
  }
}

void update_device_rates(World& world) {
  for (const int id : world.dirty_devices) update(world, world.device(id));
  world.dirty_devices.clear();
}

}  // namespace pipedit::simulator
