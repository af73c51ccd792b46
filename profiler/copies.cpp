#include "profiler/copies.h"

#include <fmt/format.h>

namespace pipedit::profiler {

using namespace program;

namespace {

BufferId add_buffer(Program& program, int rank, Bytes size) {
  Bytes& end = program.memory[static_cast<std::size_t>(rank)].arena;
  program.buffers.push_back({.role = "copied",
                             .rank = Rank{rank},
                             .place = Place::device,
                             .extent = {.slots = 1, .rows = 1, .elements = size.value, .type = DType::u8},
                             .copies = 1,
                             .copy_by = CopyBy::none,
                             .phase = Phase::always,
                             .offset = end});
  end += program.buffers.back().extent.size();
  return BufferId{static_cast<int>(program.buffers.size()) - 1};
}

void add_copy(Program& program, Transport transport, Bytes size) {
  const Region source{add_buffer(program, 0, size), {0, 1}, {0, 1}};
  const Region target{add_buffer(program, 1, size), {0, 1}, {0, 1}};
  Segment segment{.name = fmt::format("copy {} bytes", size.value), .weights = "", .tasks = {}, .exchanges = {}};
  segment.exchanges.push_back({transport, {{Rank{0}, Rank{1}, source, target}}});
  for (const int rank : {0, 1}) {
    Task task;
    task.kind = OpKind::exchange;
    task.rank = Rank{rank};
    task.lane = Lane::send;
    task.shape = ExchangeShape{ExchangeId{0}};
    segment.tasks.push_back(std::move(task));
  }
  program.segments.push_back(std::move(segment));
}

}  // namespace

Program copies_program(Transport transport, std::span<const Bytes> sizes) {
  Program program;
  program.plan = "profile";
  program.memory.resize(2);
  program.devices = {DeviceId{0}, DeviceId{0}};
  program.request_shapes = {0};
  program.arrivals = {Nanos{0}};
  Alternative calls;
  for (const Bytes size : sizes) {
    add_copy(program, transport, size);
    calls.calls.push_back({SegmentId{static_cast<int>(program.segments.size()) - 1}, 0});
  }
  const Unit unit{.kind = UnitKind::step, .repeat = 1, .alternatives = {calls}, .helpers = {}, .hand_to = {}};
  program.actors = {{.name = "profile", .ranks = {Rank{0}, Rank{1}}, .source = Source::queue, .scripts = {{unit}}}};
  return program;
}

std::vector<Bytes> sizes_to_copy() {
  std::vector<Bytes> sizes;
  for (std::int64_t size = std::int64_t{64} << 10; size <= std::int64_t{256} << 20; size *= 4)
    sizes.push_back(Bytes{size});
  return sizes;
}

}  // namespace pipedit::profiler
