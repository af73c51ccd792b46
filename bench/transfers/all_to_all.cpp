#include "bench/transfers/all_to_all.h"

namespace pipedit::bench {

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

// In the order of plans: rank r sends to r + 1, r + 2, ..
Exchange exchange_of(Program& program, Transport transport, int gpus, Bytes part) {
  Exchange exchange{transport, {}};
  for (int from = 0; from < gpus; ++from)
    for (int step = 1; step < gpus; ++step) {
      const int to = (from + step) % gpus;
      const Region source{add_buffer(program, from, part), {0, 1}, {0, 1}};
      const Region target{add_buffer(program, to, part), {0, 1}, {0, 1}};
      exchange.parts.push_back({Rank{from}, Rank{to}, source, target});
    }
  return exchange;
}

}  // namespace

Program all_to_all(Transport transport, int gpus, Bytes part, int times) {
  Program program;
  program.plan = "all to all";
  program.memory.resize(static_cast<std::size_t>(gpus));
  program.request_shapes = {0};
  program.arrivals = {Nanos{0}};
  Segment segment{.name = "all to all", .weights = "", .tasks = {}, .exchanges = {}};
  segment.exchanges.push_back(exchange_of(program, transport, gpus, part));
  Actor actor{.name = "all", .ranks = {}, .source = Source::queue, .scripts = {}};
  for (int rank = 0; rank < gpus; ++rank) {
    program.devices.push_back(DeviceId{rank});
    actor.ranks.push_back(Rank{rank});
    Task task;
    task.kind = OpKind::exchange;
    task.rank = Rank{rank};
    task.lane = Lane::send;
    task.shape = ExchangeShape{ExchangeId{0}};
    segment.tasks.push_back(std::move(task));
  }
  program.segments.push_back(std::move(segment));
  Alternative calls;
  calls.calls.assign(static_cast<std::size_t>(times), Call{SegmentId{0}, 0});
  actor.scripts = {{{.kind = UnitKind::step, .repeat = 1, .alternatives = {calls}, .helpers = {}, .hand_to = {}}}};
  program.actors.push_back(std::move(actor));
  return program;
}

}  // namespace pipedit::bench
