#include "tests/executor/small_program.h"

#include <chrono>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor::test {

using namespace program;

Task task(Rank rank, Lane lane, OpKind kind, std::vector<Wait> waits) {
  return {.kind = kind, .rank = rank, .lane = lane, .shape = {}, .reads = {}, .writes = {}, .waits = std::move(waits)};
}

Task exchange_task(Rank rank, ExchangeId exchange, std::vector<Wait> waits, Lane lane) {
  Task member = task(rank, lane, OpKind::exchange, std::move(waits));
  member.shape = ExchangeShape{exchange, Payload::v};
  return member;
}

Segment segment(std::vector<Task> tasks, std::vector<Exchange> exchanges) {
  for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i].chunk = static_cast<int>(i);
  return {.name = "segment", .weights = "", .tasks = std::move(tasks), .exchanges = std::move(exchanges)};
}

Unit unit(UnitKind kind, std::vector<Call> calls, int repeat) {
  return {.kind = kind, .repeat = repeat, .alternatives = {{std::move(calls), {}}}, .helpers = {}, .hand_to = {}};
}

SmallProgram::SmallProgram(int ranks, int requests) {
  program.plan = "small";
  program.devices.assign(static_cast<std::size_t>(ranks), DeviceId{0});
  program.memory.resize(static_cast<std::size_t>(ranks));
  program.request_shapes.assign(static_cast<std::size_t>(requests), 0);
  program.arrivals.assign(static_cast<std::size_t>(requests), Nanos{0});
}

SegmentId SmallProgram::add(Segment segment) {
  program.segments.push_back(std::move(segment));
  return SegmentId{static_cast<int>(program.segments.size()) - 1};
}

BufferId SmallProgram::add_buffer(Rank rank, Extent extent, int copies, CopyBy by) {
  Bytes& end = program.memory[index(rank)].arena;
  program.buffers.push_back(
      {.role = "buffer", .rank = rank, .extent = extent, .copies = copies, .copy_by = by, .offset = end});
  end += extent.size() * copies;
  return BufferId{static_cast<int>(program.buffers.size()) - 1};
}

ActorId SmallProgram::add_actor(std::vector<Rank> ranks, std::vector<Unit> script) {
  const ActorId id{static_cast<int>(program.actors.size())};
  program.actors.push_back(
      {.name = fmt::format("actor {}", index(id)), .ranks = std::move(ranks), .scripts = {std::move(script)}});
  return id;
}

ActorId SmallProgram::add_decoder(std::vector<Rank> ranks, int latent_slots, std::vector<Unit> script) {
  const ActorId id = add_actor(std::move(ranks), std::move(script));
  program.actors.back().source = Source::latents;
  program.actors.back().latent_slots = latent_slots;
  return id;
}

Program one_segment(int ranks, Segment segment) {
  SmallProgram small(ranks);
  const SegmentId id = small.add(std::move(segment));
  std::vector<Rank> all;
  for (int rank = 0; rank < ranks; ++rank) all.push_back(Rank{rank});
  small.add_actor(all, {unit(UnitKind::begin, {{id, 0}})});
  return small.program;
}

void Trace::operator()(const OpContext& context) {
  const std::lock_guard lock(mutex_);
  names_.push_back(fmt::format("{} @ {}", label(context.task), index(context.task.rank)));
}

std::vector<std::string> Trace::names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

std::size_t Trace::size() const { return names().size(); }

Timeline run_small(const Program& program, std::function<void(const OpContext&)> operation, ExecuteOptions options) {
  Workload workload;
  workload.shapes = {RequestShape{}};
  workload.requests.resize(program.request_shapes.size());
  Job job;
  job.workload = &workload;
  options.operation = std::move(operation);
  CpuBackend backend({.poison = true});
  return execute(program, backend, job, options);
}

std::string failure_of(const std::function<void()>& act) {
  const auto start = std::chrono::steady_clock::now();
  std::string text;
  try {
    act();
    ADD_FAILURE() << "nothing failed";
  } catch (const Error& error) {
    text = error.what();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);  // within seconds, on a busy machine too
  return text;
}

}  // namespace pipedit::executor::test
