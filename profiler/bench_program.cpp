#include "profiler/bench_program.h"

#include <algorithm>
#include <map>

namespace pipedit::profiler {

using namespace program;

namespace {

class BenchProgram {
 public:
  BenchProgram(const Stretch& stretch, int ranks, int repetitions)
      : stretch_(stretch), ranks_(ranks), repetitions_(repetitions) {}

  // Behind each working rank's place stands that of the silent one that it sends to.
  Program build() {
    program_.plan = "profile";
    program_.memory.resize(2 * static_cast<std::size_t>(ranks_));
    program_.devices.assign(static_cast<std::size_t>(ranks_), stretch_.device);
    program_.devices.resize(program_.memory.size(), stretch_.other);
    program_.request_shapes = {0};
    program_.arrivals = {Nanos{0}};
    program_.weight_sets = stretch_.program->weight_sets;
    for (const Call& call : stretch_.calls) add(call);
    add_actor();
    return std::move(program_);
  }

 private:
  Rank silent(int rank) const { return Rank{ranks_ + rank}; }

  // The buffer of the stretch's program, on another rank.
  Region moved(const Region& region, Rank rank) {
    const auto key = std::pair(region.buffer, rank);
    const auto found = buffers_.find(key);
    if (found != buffers_.end()) return {found->second, region.slots, region.rows};
    Buffer buffer = stretch_.program->buffer(region.buffer);
    buffer.rank = rank;
    if (buffer.copy_by == CopyBy::latent_slot) buffer.copies = 1, buffer.copy_by = CopyBy::none;
    RankMemory& memory = program_.memory[index(rank)];
    Bytes& end = buffer.place == Place::device ? memory.arena : memory.pinned;
    buffer.offset = end;
    end += buffer.extent.size() * buffer.copies;
    const BufferId id{static_cast<int>(program_.buffers.size())};
    program_.buffers.push_back(std::move(buffer));
    buffers_.emplace(key, id);
    return {id, region.slots, region.rows};
  }

  void add(const Call& call) {
    source_ = &stretch_.program->segment(call.segment);
    Segment segment{.name = source_->name, .weights = source_->weights, .tasks = {}, .exchanges = {}};
    for (int rank = 0; rank < ranks_; ++rank) {
      std::map<PointKey, int> ran;
      for (const Task& task : source_->tasks)
        if (task.rank == stretch_.rank && is_run(task, ran)) add(task, rank, segment);
    }
    if (segment.tasks.empty()) return;
    round_.push_back({SegmentId{static_cast<int>(program_.segments.size())}, call.blocks});
    program_.segments.push_back(std::move(segment));
  }

  bool is_run(const Task& task, std::map<PointKey, int>& ran) const {
    const std::vector<PointKey> points = points_of(*stretch_.program, *source_, task);
    if (points.empty() || !runs(stretch_, task.kind, points.front())) return false;
    return task.kind == OpKind::exchange || ran[points.front()]++ < stretch_.most;
  }

  void add(Task task, int rank, Segment& segment) {
    task.rank = Rank{rank};
    task.waits.clear();
    task.loaded_weights.reset();  // an operation takes as long with the job's resident ones
    for (Region& region : task.reads) region = moved(region, task.rank);
    for (Region& region : task.writes) region = moved(region, task.rank);
    if (!std::holds_alternative<ExchangeShape>(task.shape)) return segment.tasks.push_back(std::move(task));
    const ExchangeId source = std::get<ExchangeShape>(task.shape).exchange;
    for (const bool own : {false, true}) add_exchange(task, source, own, rank, segment);
  }

  // What goes to other ranks, or the rank's own parts: they go another way, and each is timed by itself.
  void add_exchange(Task task, ExchangeId source, bool own, int rank, Segment& segment) {
    Exchange exchange = parts_of(source_->exchanges[index(source)], own, rank);
    if (exchange.parts.empty()) return;
    task.shape = ExchangeShape{ExchangeId{static_cast<int>(segment.exchanges.size())}};
    const bool received = exchange.transport == Transport::nccl && !own;
    segment.exchanges.push_back(std::move(exchange));
    segment.tasks.push_back(task);
    if (!received) return;
    task.rank = silent(rank);
    task.reads.clear(), task.writes.clear();
    segment.tasks.push_back(std::move(task));
    silent_receive_ = true;
  }

  Exchange parts_of(const Exchange& source, bool own, int rank) {
    Exchange exchange{.transport = source.transport, .parts = {}};
    for (const Part& part : source.parts) {
      if (part.from != stretch_.rank || (part.to == part.from) != own) continue;
      const Rank to = own ? Rank{rank} : silent(rank);
      exchange.parts.push_back({Rank{rank}, to, moved(part.source, Rank{rank}), moved(part.target, to)});
    }
    return exchange;
  }

  void add_actor() {
    Alternative calls;
    for (int i = 0; i < repetitions_; ++i) calls.calls.insert(calls.calls.end(), round_.begin(), round_.end());
    Unit unit{.kind = UnitKind::step, .repeat = 1, .alternatives = {calls}, .helpers = {}, .hand_to = {}};
    Actor actor{.name = "profile", .ranks = {}, .source = Source::queue, .scripts = {{unit}}};
    for (int rank = 0; rank < (silent_receive_ ? 2 : 1) * ranks_; ++rank) actor.ranks.push_back(Rank{rank});
    program_.actors.push_back(std::move(actor));
  }

  const Stretch& stretch_;
  int ranks_, repetitions_;
  Program program_;
  const Segment* source_ = nullptr;
  bool silent_receive_ = false;
  std::vector<Call> round_;
  std::map<std::pair<BufferId, Rank>, BufferId> buffers_;
};

}  // namespace

Program bench_program(const Stretch& stretch, int ranks, int repetitions) {
  return BenchProgram(stretch, ranks, repetitions).build();
}

int calls_in(const Program& bench, int repetitions) {
  int calls = 0;
  for (const Call& call : bench.actors[0].scripts[0][0].alternatives[0].calls) calls += std::max(1, call.blocks);
  return calls / repetitions;
}

Nanos length_from(const Timeline& timeline, int call) {
  Nanos start = Nanos::max();
  for (const Occurrence& unit : timeline.occurrences)
    for (const Span& span : timeline.patterns[index(unit.pattern)].spans)
      if (span.call >= call) start = std::min(start, unit.start + span.start);
  return std::max(timeline.makespan - start, 0ns);
}

}  // namespace pipedit::profiler
