#include "program/verify/structure.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "program/verify/scripts.h"
#include "program/verify/shapes.h"

namespace pipedit::program {

namespace {

bool inside(Range part, std::int64_t size) { return part.begin >= 0 && part.begin <= part.end && part.end <= size; }

// One segment.
class SegmentCheck {
 public:
  SegmentCheck(const Program& program, const Segment& segment, Faults& faults)
      : program_(program), segment_(segment), faults_(faults), members_(segment.exchanges.size()) {}

  void run() {
    std::set<std::pair<Rank, std::string>> labels;
    for (const Task& task : segment_.tasks) {
      task_ = &task;
      if (!is_rank(task.rank)) {
        fault("is on a rank that the program does not have");
        continue;
      }
      if (!labels.emplace(task.rank, label(task)).second)
        faults_.add(FaultKind::name, name_of_task() + " has the same name as another task");
      if (task.kind == OpKind::exchange || std::holds_alternative<ExchangeShape>(task.shape)) check_member(task);
      if (!has_its_shape(task))
        fault("has the shape of another kind of task");
      else if (!has_its_operands(task))
        fault("reads or writes another number of regions than its kind does");
      if (task.kind == OpKind::keep_outputs) check_size(task);
      for (const Region& region : task.reads) check_region(region, task.rank, "reads");
      for (const Region& region : task.writes) check_region(region, task.rank, "writes");
    }
    for (std::size_t exchange = 0; exchange < segment_.exchanges.size(); ++exchange) check_exchange(exchange);
    for (const Task& task : segment_.tasks) {
      task_ = &task;
      for (const Wait& wait : task.waits) std::visit([this](auto w) { check_wait(w); }, wait);
    }
  }

 private:
  // By it the task costs.
  void check_size(const Task& task) {
    const auto* shape = std::get_if<BytesShape>(&task.shape);
    Bytes size;
    for (const Region& region : task.reads)
      if (index(region.buffer) < program_.buffers.size()) size += bytes_of(program_, region);
    if (shape != nullptr && shape->size != size) fault("copies another number of bytes than it says");
  }

  bool is_rank(Rank rank) const { return static_cast<int>(rank) >= 0 && static_cast<int>(rank) < program_.ranks(); }

  void check_member(const Task& task) {
    const auto* shape = std::get_if<ExchangeShape>(&task.shape);
    if (shape == nullptr || task.kind != OpKind::exchange)
      return fault("is an exchange by kind or by shape, not by both");
    if (index(shape->exchange) >= segment_.exchanges.size())
      return fault("is for an exchange that the segment does not have");
    if (task.lane != Lane::send && task.lane != Lane::hand)
      fault("is an exchange that is not on the send or hand lane");
    if (!members_[index(shape->exchange)].emplace(task.rank, &task).second)
      fault("is its rank's second task for one exchange");
  }

  void check_exchange(std::size_t exchange) {
    const auto& members = members_[exchange];
    for (const Part& part : segment_.exchanges[exchange].parts) {
      const std::string name = fmt::format("{} / part from rank {} to rank {}", name_of_exchange(exchange),
                                           index(part.from), index(part.to));
      for (const Rank end : {part.from, part.to})
        if (!members.contains(end)) fault(name, fmt::format("has no task on rank {}", index(end)));
      check_region(name, part.source, part.from, "has as source");
      check_region(name, part.target, part.to, "has as target");
      check_ends(name, part);
    }
  }

  void check_ends(const std::string& name, const Part& part) {
    const auto buffers = program_.buffers.size();
    if (index(part.source.buffer) >= buffers || index(part.target.buffer) >= buffers) return;
    if (part.source.slots.size() != part.target.slots.size() || part.source.rows.size() != part.target.rows.size())
      fault(name, "has a source and a target of different boxes");
    const Extent &source = program_.buffer(part.source.buffer).extent,
                 &target = program_.buffer(part.target.buffer).extent;
    if (source.row_bytes() != target.row_bytes() || source.type != target.type)
      fault(name, "has a source and a target of different bytes");
  }

  void check_region(const Region& region, Rank rank, const char* what) {
    check_region(name_of_task(), region, rank, what);
  }

  void check_region(const std::string& name, const Region& region, Rank rank, const char* what) {
    if (index(region.buffer) >= program_.buffers.size())
      return fault(name, fmt::format("{} a buffer that the program does not have", what));
    const Buffer& buffer = program_.buffer(region.buffer);
    if (buffer.rank != rank) fault(name, fmt::format("{} {} of rank {}", what, buffer.role, index(buffer.rank)));
    if (!inside(region.slots, buffer.extent.slots) || !inside(region.rows, buffer.extent.rows))
      fault(name, fmt::format("{} slots {} to {}, rows {} to {} of {}, which has {} slots and {} rows", what,
                              region.slots.begin, region.slots.end, region.rows.begin, region.rows.end, buffer.role,
                              buffer.extent.slots, buffer.extent.rows));
  }

  void check_wait(TaskDone done) {
    if (index(done.task) >= segment_.tasks.size()) return fault("waits for a task that the segment does not have");
    if (&segment_.tasks[index(done.task)] == task_) fault("waits for itself");
  }

  void check_wait(Arrived arrived) {
    if (index(arrived.exchange) >= segment_.exchanges.size())
      return fault("waits for an exchange that the segment does not have");
    const std::vector<Part>& parts = segment_.exchanges[index(arrived.exchange)].parts;
    const bool to_here = std::ranges::any_of(parts, [this](const Part& part) { return part.to == task_->rank; });
    if (!to_here && !members_[index(arrived.exchange)].contains(task_->rank))
      fault(fmt::format("waits for {}, of which nothing comes to its rank", name_of_exchange(index(arrived.exchange))));
  }

  void check_wait(Tail tail) {
    if (!is_rank(tail.rank)) fault("waits for a lane of a rank that the program does not have");
  }

  std::string name_of_exchange(std::size_t exchange) const {
    const auto& members = members_[exchange];
    const std::string of = members.empty() ? fmt::format("exchange {}", exchange) : label(*members.begin()->second);
    return fmt::format("{} / {}", segment_.name, of);
  }
  std::string name_of_task() const {
    return fmt::format("{} / {} @ rank {}", segment_.name, label(*task_), index(task_->rank));
  }

  void fault(const std::string& why) { fault(name_of_task(), why); }
  void fault(const std::string& name, const std::string& why) {
    faults_.add(FaultKind::structure, fmt::format("{} {}", name, why));
  }

  const Program& program_;
  const Segment& segment_;
  Faults& faults_;
  std::vector<std::map<Rank, const Task*>> members_;  // by exchange
  const Task* task_ = nullptr;
};

void check_buffers(const Program& program, Faults& faults) {
  for (const Buffer& buffer : program.buffers) {
    const Extent& extent = buffer.extent;
    if (static_cast<int>(buffer.rank) < 0 || static_cast<int>(buffer.rank) >= program.ranks())
      faults.add(FaultKind::structure,
                 fmt::format("buffer {} is on a rank that the program does not have", buffer.role));
    if (buffer.copies < 1 || extent.slots < 1 || extent.rows < 1 || extent.elements < 1 || buffer.offset.value < 0)
      faults.add(FaultKind::structure,
                 fmt::format("buffer {} of rank {} has no bytes", buffer.role, index(buffer.rank)));
  }
}

}  // namespace

void check_structure(const Program& program, const Cluster& cluster, Faults& faults) {
  if (program.ranks() > cluster.ranks())
    faults.add(FaultKind::structure, fmt::format("the program has {} ranks, cluster {} has {}", program.ranks(),
                                                 cluster.name, cluster.ranks()));
  check_buffers(program, faults);
  for (const Segment& segment : program.segments) SegmentCheck(program, segment, faults).run();
  check_scripts(program, faults);
}

}  // namespace pipedit::program
