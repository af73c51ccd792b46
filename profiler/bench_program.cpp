#include "profiler/bench_program.h"

#include <map>

namespace pipedit::profiler {

using namespace program;

namespace {

class BenchProgram {
 public:
  BenchProgram(const Point& point, int ranks, int repetitions)
      : point_(point), ranks_(ranks), repetitions_(repetitions) {}

  Program build() {
    program_.plan = "profile";
    memory_.resize(static_cast<std::size_t>(members()));
    segment_.name = point_.segment->name;
    segment_.weights = point_.segment->weights;
    for (int turn = 0; turn < kTasksInARow; ++turn)
      for (int rank = 0; rank < ranks_; ++rank)
        point_.part != nullptr ? add_transfer(turn, rank) : add_task(turn, rank);
    program_.segments.push_back(std::move(segment_));
    program_.devices.assign(static_cast<std::size_t>(members()), DeviceId{0});
    program_.memory = memory_;
    program_.request_shapes = {0};
    program_.arrivals = {Nanos{0}};
    add_actor();
    return std::move(program_);
  }

 private:
  // A transfer between ranks needs a receiver even when one sends alone.
  int members() const {
    return point_.part != nullptr && point_.part->from != point_.part->to ? std::max(2, ranks_) : ranks_;
  }

  // The buffer of the point's program, on another rank.
  Region moved(const Region& region, int rank) {
    const auto key = std::pair(region.buffer, rank);
    if (const auto found = buffers_.find(key); found != buffers_.end())
      return {found->second, region.slots, region.rows};
    Buffer buffer = point_.program->buffer(region.buffer);
    buffer.rank = Rank{rank};
    buffer.copies = 1;
    buffer.copy_by = CopyBy::none;
    RankMemory& memory = memory_[static_cast<std::size_t>(rank)];
    Bytes& end = buffer.place == Place::device ? memory.arena : memory.pinned;
    buffer.offset = end;
    end += buffer.extent.size();
    const BufferId id{static_cast<int>(program_.buffers.size())};
    program_.buffers.push_back(std::move(buffer));
    buffers_.emplace(key, id);
    return {id, region.slots, region.rows};
  }

  void add_task(int turn, int rank) {
    Task task = *point_.task;
    task.rank = Rank{rank};
    task.chunk = turn;
    task.group = -1;
    task.waits.clear();
    for (Region& region : task.reads) region = moved(region, rank);
    for (Region& region : task.writes) region = moved(region, rank);
    segment_.tasks.push_back(std::move(task));
  }

  // Each rank sends the part to its neighbour (or to itself, where the part stays on its rank).
  void add_transfer(int turn, int rank) {
    const int to = point_.part->from == point_.part->to ? rank : (rank + 1) % members();
    const ExchangeId id{static_cast<int>(segment_.exchanges.size())};
    segment_.exchanges.push_back(
        {point_.transport, {{Rank{rank}, Rank{to}, moved(point_.part->source, rank), moved(point_.part->target, to)}}});
    Task task = *point_.task;
    task.shape = ExchangeShape{id, std::get<ExchangeShape>(task.shape).payload};
    task.rank = Rank{rank};
    task.lane = Lane::send;
    task.chunk = turn * ranks_ + rank;
    task.group = -1;
    task.waits.clear();
    segment_.tasks.push_back(task);
    if (to == rank || reading_of(point_.transport) == Reading::in_turn) return;
    task.rank = Rank{to};
    segment_.tasks.push_back(std::move(task));
  }

  void add_actor() {
    const bool in_block = point_.segment->weights == "double" || point_.segment->weights == "single";
    Unit unit{.kind = UnitKind::step,
              .repeat = repetitions_,
              .alternatives = {{.calls = {{SegmentId{0}, in_block ? 1 : 0}}, .lent = {}}},
              .helpers = {},
              .hand_to = {}};
    Actor actor{.name = "profile", .ranks = {}, .source = Source::queue, .scripts = {{unit}}};
    for (int rank = 0; rank < members(); ++rank) actor.ranks.push_back(Rank{rank});
    program_.actors.push_back(std::move(actor));
  }

  const Point& point_;
  int ranks_, repetitions_;
  Program program_;
  Segment segment_;
  std::vector<RankMemory> memory_;
  std::map<std::pair<BufferId, int>, BufferId> buffers_;
};

}  // namespace

Program bench_program(const Point& point, int ranks, int repetitions) {
  return BenchProgram(point, ranks, repetitions).build();
}

}  // namespace pipedit::profiler
