#include "profiler/copies.h"

#include <fmt/format.h>

namespace pipedit::profiler {

using namespace program;

namespace {

BufferId add_buffer(Program& program, Rank rank, Bytes size) {
  Bytes& end = program.memory[index(rank)].arena;
  program.buffers.push_back({.role = "copied",
                             .rank = rank,
                             .place = Place::device,
                             .extent = {.slots = 1, .rows = 1, .elements = size.value, .type = DType::u8},
                             .copies = 1,
                             .copy_by = CopyBy::none,
                             .phase = Phase::always,
                             .offset = end});
  end += program.buffers.back().extent.size();
  return BufferId{static_cast<int>(program.buffers.size()) - 1};
}

void add_exchange(Program& program, Transport transport, Bytes size, std::span<const Route> routes) {
  Segment segment{.name = fmt::format("copy {} bytes", size.value), .weights = "", .tasks = {}, .exchanges = {}};
  Exchange exchange{transport, {}};
  for (const auto& [from, to] : routes) {
    const Region source{add_buffer(program, from, size), {0, 1}, {0, 1}};
    const Region target{add_buffer(program, to, size), {0, 1}, {0, 1}};
    exchange.parts.push_back({from, to, source, target});
  }
  segment.exchanges.push_back(std::move(exchange));
  for (int rank = 0; rank < program.ranks(); ++rank) {
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

Program exchanges_program(Transport transport, std::span<const Bytes> sizes, std::span<const Route> routes,
                          std::vector<DeviceId> devices) {
  Program program;
  program.plan = "profile";
  program.memory.resize(devices.size());
  program.devices = std::move(devices);
  program.request_shapes = {0};
  program.arrivals = {Nanos{0}};
  Alternative calls;
  for (const Bytes size : sizes) {
    add_exchange(program, transport, size, routes);
    calls.calls.push_back({SegmentId{static_cast<int>(program.segments.size()) - 1}, 0});
  }
  const Unit unit{.kind = UnitKind::step, .repeat = 1, .alternatives = {calls}, .helpers = {}, .hand_to = {}};
  Actor actor{.name = "profile", .ranks = {}, .source = Source::queue, .scripts = {{unit}}};
  for (int rank = 0; rank < program.ranks(); ++rank) actor.ranks.push_back(Rank{rank});
  program.actors = {std::move(actor)};
  return program;
}

Program copies_program(Transport transport, std::span<const Bytes> sizes) {
  return exchanges_program(transport, sizes, std::vector<Route>{{Rank{0}, Rank{1}}}, {DeviceId{0}, DeviceId{0}});
}

std::vector<Bytes> sizes_to_copy() {
  std::vector<Bytes> sizes;
  for (std::int64_t size = std::int64_t{64} << 10; size <= std::int64_t{256} << 20; size *= 4)
    sizes.push_back(Bytes{size});
  return sizes;
}

}  // namespace pipedit::profiler
