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
    program_.devices.assign(program_.memory.size(), DeviceId{0});
    program_.request_shapes = {0};
    program_.arrivals = {Nanos{0}};
    segment_.name = stretch_.segment->name;
    segment_.weights = stretch_.segment->weights;
    for (int rank = 0; rank < ranks_; ++rank)
      for (const Task& task : stretch_.segment->tasks)
        if (task.rank == stretch_.rank && !points_of(*stretch_.program, *stretch_.segment, task).empty())
          add(task, rank);
    program_.segments.push_back(std::move(segment_));
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

  void add(Task task, int rank) {
    task.rank = Rank{rank};
    task.waits.clear();
    for (Region& region : task.reads) region = moved(region, task.rank);
    for (Region& region : task.writes) region = moved(region, task.rank);
    if (auto* shape = std::get_if<ExchangeShape>(&task.shape)) shape->exchange = add_exchange(shape->exchange, rank);
    segment_.tasks.push_back(std::move(task));
  }

  ExchangeId add_exchange(ExchangeId id, int rank) {
    Exchange exchange{.transport = stretch_.segment->exchanges[index(id)].transport, .parts = {}};
    for (const Part& part : stretch_.segment->exchanges[index(id)].parts) {
      if (part.from != stretch_.rank) continue;
      const Rank to = part.to == part.from ? Rank{rank} : silent(rank);
      exchange.parts.push_back({Rank{rank}, to, moved(part.source, Rank{rank}), moved(part.target, to)});
    }
    segment_.exchanges.push_back(std::move(exchange));
    return ExchangeId{static_cast<int>(segment_.exchanges.size()) - 1};
  }

  void add_actor() {
    Alternative calls;
    calls.calls.assign(static_cast<std::size_t>(repetitions_), {SegmentId{0}, stretch_.blocks});
    Unit unit{.kind = UnitKind::step, .repeat = 1, .alternatives = {calls}, .helpers = {}, .hand_to = {}};
    Actor actor{.name = "profile", .ranks = {}, .source = Source::queue, .scripts = {{unit}}};
    for (int rank = 0; rank < ranks_; ++rank) actor.ranks.push_back(Rank{rank});
    program_.actors.push_back(std::move(actor));
  }

  const Stretch& stretch_;
  int ranks_, repetitions_;
  Program program_;
  Segment segment_;
  std::map<std::pair<BufferId, Rank>, BufferId> buffers_;
};

}  // namespace

Program bench_program(const Stretch& stretch, int ranks, int repetitions) {
  return BenchProgram(stretch, ranks, repetitions).build();
}

}  // namespace pipedit::profiler
