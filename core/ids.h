#pragma once

#include <cstddef>

namespace pipedit {

// Dense ids: each indexes the vector of what it names.
enum class Rank : int {};        // one host thread and one device (or a part of one)
enum class DeviceId : int {};    // Cluster::devices
enum class LinkId : int {};      // Cluster::links
enum class SegmentId : int {};   // Program::segments
enum class TaskId : int {};      // Segment::tasks
enum class ExchangeId : int {};  // Segment::exchanges
enum class BufferId : int {};    // Program::buffers
enum class ActorId : int {};     // Program::actors
enum class RequestId : int {};   // Workload::requests
enum class PatternId : int {};   // Timeline::patterns

template <class Id>
constexpr std::size_t index(Id id) {
  return static_cast<std::size_t>(id);
}

}  // namespace pipedit
