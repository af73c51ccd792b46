#include "program/verify/memory.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "program/nccl_memory.h"
#include "program/op_cost.h"
#include "program/verify/bytes.h"

namespace pipedit::program {

namespace {

// By buffer: the request shapes that use it. Requests of one shape at a time: buffers of different shapes may share
// bytes.
using Users = std::vector<std::set<int>>;

void note(const Segment& segment, int shape, Users& users) {
  const auto use = [&](const Region& region) { users[index(region.buffer)].insert(shape); };
  for (const Task& task : segment.tasks) {
    std::ranges::for_each(task.reads, use);
    std::ranges::for_each(task.writes, use);
  }
  for (const Exchange& exchange : segment.exchanges)
    for (const Part& part : exchange.parts) use(part.source), use(part.target);
}

Users users_of(const Program& program) {
  std::set<std::pair<SegmentId, int>> calls;
  for (const Actor& actor : program.actors)
    for (std::size_t shape = 0; shape < actor.scripts.size(); ++shape)
      for (const Unit& unit : actor.scripts[shape])
        for (const Alternative& alternative : unit.alternatives)
          for (const Call& call : alternative.calls) calls.emplace(call.segment, static_cast<int>(shape));
  Users users(program.buffers.size());
  for (const auto& [segment, shape] : calls) note(program.segment(segment), shape, users);
  return users;
}

bool share(const std::set<int>& a, const std::set<int>& b) {
  return std::ranges::any_of(a, [&](int shape) { return b.contains(shape); });
}

// Bytes that matter between requests (phase always) are nobody else's; others share only with another phase or shape.
bool alive_together(const Buffer& a, const Buffer& b, const std::set<int>& users_a, const std::set<int>& users_b) {
  if (a.phase == Phase::always || b.phase == Phase::always) return true;
  return a.phase == b.phase && share(users_a, users_b);
}

void check_sharing(const Program& program, Faults& faults) {
  const Users users = users_of(program);
  std::vector<std::size_t> order(program.buffers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const Buffer& buffer = program.buffers[i];
    return std::tuple(buffer.rank, buffer.place, buffer.offset, i);
  });
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      const Buffer &a = program.buffers[order[i]], &b = program.buffers[order[j]];
      if (a.rank != b.rank || a.place != b.place || bytes_of(a).end <= b.offset.value) break;
      if (alive_together(a, b, users[order[i]], users[order[j]]))
        faults.add(FaultKind::memory, fmt::format("{} and {} of rank {} share bytes and are alive together", a.role,
                                                  b.role, index(a.rank)));
    }
}

// By rank: what the most demanding operation takes beside its operands.
std::vector<Bytes> workspaces(const Program& program) {
  std::vector<Bytes> largest(static_cast<std::size_t>(program.ranks()));
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (task.kind != OpKind::exchange)
        largest[index(task.rank)] = std::max(largest[index(task.rank)], op_cost(program, task).workspace);
  return largest;
}

void check_table(const Program& program, Faults& faults) {
  if (program.memory.size() != static_cast<std::size_t>(program.ranks()))
    return faults.add(FaultKind::memory, fmt::format("the memory of {} ranks is known, the program has {}",
                                                     program.memory.size(), program.ranks()));
  std::vector<std::int64_t> device(program.memory.size(), 0), pinned = device;
  for (const Buffer& buffer : program.buffers) {
    std::int64_t& end = (buffer.place == Place::device ? device : pinned)[index(buffer.rank)];
    end = std::max(end, bytes_of(buffer).end);
  }
  const std::vector<Bytes> workspace = workspaces(program);
  for (std::size_t rank = 0; rank < program.memory.size(); ++rank) {
    const RankMemory& memory = program.memory[rank];
    if (memory.workspace < workspace[rank])
      faults.add(FaultKind::memory, fmt::format("rank {} has {} bytes of workspace, an operation takes {}", rank,
                                                memory.workspace.value, workspace[rank].value));
    if (memory.transport < nccl_memory(program, Rank{static_cast<int>(rank)}))
      faults.add(FaultKind::memory,
                 fmt::format("rank {} has {} bytes for transports, nccl takes more", rank, memory.transport.value));
    if (memory.arena.value != device[rank])
      faults.add(FaultKind::memory, fmt::format("rank {} has an arena of {} bytes, its buffers end at {}", rank,
                                                memory.arena.value, device[rank]));
    if (memory.pinned.value != pinned[rank])
      faults.add(FaultKind::memory, fmt::format("rank {} has {} pinned bytes, its buffers end at {}", rank,
                                                memory.pinned.value, pinned[rank]));
  }
}

}  // namespace

void check_memory(const Program& program, Faults& faults) {
  check_sharing(program, faults);
  check_table(program, faults);
}

}  // namespace pipedit::program
