#pragma once

#include "core/cluster.h"
#include "planner/segment_times.h"

namespace pipedit::planner {

// Work that tasks ask of devices: on lanes that a barrier waits for, and on all. By device.
struct DeviceWork {
  std::vector<Nanos> barrier, all;

  explicit DeviceWork(const Cluster& cluster) : barrier(cluster.devices.size()), all(cluster.devices.size()) {}
  void add(const program::Program&, const Cluster&, const SegmentTimes&, program::Call);
};

bool is_waited_for(program::Lane);  // by a barrier

// The least time in which a device gets through so much work of several ranks: its slots share it. Shares are rounded
// up to a 2^20th of a slot's speed, so that n ranks get ahead by up to n of these.
Nanos least_time(const Cluster&, DeviceId, Nanos work);

// The same of the device that takes longest.
Nanos busiest(const Cluster&, const std::vector<Nanos>& work);

}  // namespace pipedit::planner
