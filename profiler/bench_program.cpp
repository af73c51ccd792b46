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
    program_.devices.assign(static_cast<std::size_t>(ranks_), DeviceId{0});
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
    return stretch_.most == 0 || task.kind == OpKind::exchange || ran[points.front()]++ < stretch_.most;
  }

  void add(Task task, int rank, Segment& segment) {
    task.rank = Rank{rank};
    task.waits.clear();
    task.loaded_weights.reset();  // an operation takes as long with the job's resident ones
    for (Region& region : task.reads) region = moved(region, task.rank);
    for (Region& region : task.writes) region = moved(region, task.rank);
    auto* shape = std::get_if<ExchangeShape>(&task.shape);
    if (shape == nullptr) return segment.tasks.push_back(std::move(task));
    shape->exchange = add_exchange(shape->exchange, rank, segment);
    segment.tasks.push_back(task);
    if (!has_to_be_received(segment.exchanges.back())) return;
    task.rank = silent(rank);
    task.reads.clear(), task.writes.clear();
    segment.tasks.push_back(std::move(task));
    silent_receive_ = true;
  }

  // Of this transport both ends take part.
  static bool has_to_be_received(const Exchange& exchange) {
    return exchange.transport == Transport::nccl &&
           std::ranges::any_of(exchange.parts, [](const Part& part) { return part.from != part.to; });
  }

  ExchangeId add_exchange(ExchangeId id, int rank, Segment& segment) {
    Exchange exchange{.transport = source_->exchanges[index(id)].transport, .parts = {}};
    for (const Part& part : source_->exchanges[index(id)].parts) {
      if (part.from != stretch_.rank) continue;
      const Rank to = part.to == part.from ? Rank{rank} : silent(rank);
      exchange.parts.push_back({Rank{rank}, to, moved(part.source, Rank{rank}), moved(part.target, to)});
    }
    segment.exchanges.push_back(std::move(exchange));
    return ExchangeId{static_cast<int>(segment.exchanges.size()) - 1};
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

}  // namespace pipedit::profiler
