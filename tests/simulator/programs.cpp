#include "tests/simulator/programs.h"

#include <ostream>

namespace pipedit::simulator::testing {

Task task(int rank, Lane lane, Nanos time, std::vector<Wait> waits) {
  Task task;
  task.kind = program::OpKind::attention;
  task.rank = Rank{rank};
  task.lane = lane;
  task.shape = program::BytesShape{Bytes{time.count()}};
  task.waits = std::move(waits);
  return task;
}

Task member(int rank, int exchange, std::vector<Wait> waits, Lane lane) {
  Task task;
  task.kind = program::OpKind::exchange;
  task.rank = Rank{rank};
  task.lane = lane;
  task.shape = program::ExchangeShape{ExchangeId{exchange}, program::Payload::v};
  task.waits = std::move(waits);
  return task;
}

ProgramBuilder::ProgramBuilder(int ranks) {
  program_.plan = "by hand";
  for (int rank = 0; rank < ranks; ++rank) {
    program_.devices.push_back(DeviceId{rank});
    program_.memory.emplace_back();
    program::Buffer buffer;  // parts are ranges of its rows, a byte each
    buffer.role = "bytes";
    buffer.rank = Rank{rank};
    buffer.extent = {.slots = 1, .rows = 1'000'000'000, .elements = 1, .type = program::DType::u8};
    program_.buffers.push_back(buffer);
  }
  requests({0ns});
}

ProgramBuilder& ProgramBuilder::devices(const std::vector<int>& by_rank) {
  for (std::size_t rank = 0; rank < by_rank.size(); ++rank) program_.devices[rank] = DeviceId{by_rank[rank]};
  return *this;
}

int ProgramBuilder::segment(std::vector<Task> tasks, std::vector<Exchange> exchanges) {
  Segment segment;
  segment.name = "segment " + std::to_string(program_.segments.size());
  segment.tasks = std::move(tasks);
  segment.exchanges = std::move(exchanges);
  program_.segments.push_back(std::move(segment));
  return static_cast<int>(program_.segments.size()) - 1;
}

Exchange ProgramBuilder::exchange(Transport transport, const std::vector<Move>& moves) {
  Exchange exchange{.transport = transport, .parts = {}};
  for (const Move& move : moves)
    exchange.parts.push_back({.from = Rank{move.from},
                              .to = Rank{move.to},
                              .source = {BufferId{move.from}, {0, 1}, {0, move.bytes}},
                              .target = {BufferId{move.to}, {0, 1}, {0, move.bytes}}});
  return exchange;
}

ProgramBuilder& ProgramBuilder::actor(std::string name, std::vector<int> ranks, std::vector<Unit> script, Source source,
                                      int latent_slots) {
  Actor actor;
  actor.name = std::move(name);
  for (const int rank : ranks) actor.ranks.push_back(Rank{rank});
  actor.source = source;
  actor.latent_slots = latent_slots;
  actor.scripts.push_back(std::move(script));
  program_.actors.push_back(std::move(actor));
  return *this;
}

ProgramBuilder& ProgramBuilder::requests(const std::vector<Nanos>& arrivals) {
  program_.arrivals = arrivals;
  program_.request_shapes.assign(arrivals.size(), 0);
  return *this;
}

Unit unit(UnitKind kind, std::vector<int> segments, int repeat) {
  Unit unit;
  unit.kind = kind;
  unit.repeat = repeat;
  unit.alternatives.emplace_back();
  for (const int segment : segments) unit.alternatives.back().calls.push_back({SegmentId{segment}, 0});
  return unit;
}

Program one_segment(ProgramBuilder& builder, int ranks, std::vector<Task> tasks, std::vector<Exchange> exchanges) {
  const int segment = builder.segment(std::move(tasks), std::move(exchanges));
  std::vector<int> all;
  for (int rank = 0; rank < ranks; ++rank) all.push_back(rank);
  return builder.actor("actor", all, {unit(UnitKind::decode, {segment})}).build();
}

Pair::Pair(Nanos step_time, Nanos decode_time) {
  step = builder.segment({testing::task(0, Lane::compute, step_time)});
  hand = builder.segment({member(0, 0, {}, Lane::hand), member(1, 0, {}, Lane::hand)},
                         {builder.exchange(Transport::peer, {{0, 1, 1000}})});
  decode = builder.segment({testing::task(1, Lane::compute, decode_time)});
}

Unit Pair::hand_unit() const {
  Unit made = unit(UnitKind::hand, {hand});
  made.hand_to = ActorId{1};
  return made;
}

Program Pair::build(Unit steps, int requests, int slots) {
  builder.actor("denoise", {0}, {std::move(steps), hand_unit()});
  builder.actor("decode", {1}, {unit(UnitKind::decode, {decode})}, Source::latents, slots);
  return builder.requests(std::vector<Nanos>(static_cast<std::size_t>(requests), 0us)).build();
}

Unit Pair::helped_steps(int count, Nanos helped_time) {
  Unit steps = unit(UnitKind::step, {step}, count);
  const int helped =
      builder.segment({testing::task(0, Lane::compute, helped_time), testing::task(1, Lane::compute, helped_time)});
  steps.alternatives.push_back({{{SegmentId{helped}, 0}}, {Rank{1}}});
  steps.helpers = ActorId{1};
  return steps;
}

Cost GivenCosts::task(const Program&, const Task& task) const {
  return {Nanos{std::get<program::BytesShape>(task.shape).size.value}, Provenance::analytic};
}

Cost GivenCosts::part(const Program& program, Transport, const Part& part) const {
  return {part_start + Nanos{program::bytes_of(program, part.source).value}, Provenance::analytic};
}

Cluster gpus(int count, int slots) {
  Cluster cluster;
  cluster.name = "gpus";
  for (int i = 0; i < count; ++i) {
    Device device;
    device.name = "GPU";
    device.slots = slots;
    cluster.devices.push_back(device);
    cluster.links.push_back({"gpu" + std::to_string(i), "switch", BytesPerSecond{1e9}, 0ns});
  }
  return cluster;
}

Cluster one_cpu(int cores) {
  Cluster cluster;
  cluster.name = "cpu";
  cluster.transport = Transport::host;
  Device device;
  device.name = "CPU";
  device.kind = DeviceKind::cpu;
  device.slots = cores;
  cluster.devices.push_back(device);
  return cluster;
}

void PrintTo(const Times& times, std::ostream* out) {
  *out << "[" << times.start.count() << ", " << times.end.count() << "]";
}

Times at(const Timeline& timeline, int task, int occurrence) {
  const Occurrence& unit = timeline.occurrences.at(static_cast<std::size_t>(occurrence));
  for (const Span& span : timeline.patterns.at(index(unit.pattern)).spans)
    if (span.task == TaskId{task}) return {unit.start + span.start, unit.start + span.end};
  return {-1ns, -1ns};
}

}  // namespace pipedit::simulator::testing
