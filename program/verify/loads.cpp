#include "program/verify/loads.h"

#include <fmt/format.h>

namespace pipedit::program {

namespace {

class LoadCheck {
 public:
  LoadCheck(const Program& program, Faults& faults) : program_(program), faults_(faults) {}

  void run() {
    for (const WeightSet& set : program_.weight_sets) check(set);
    for (const Segment& segment : program_.segments)
      for (const Task& task : segment.tasks) {
        name_ = fmt::format("{} / {} @ rank {}", segment.name, label(task), index(task.rank));
        check(task);
      }
  }

 private:
  void check(const WeightSet& set) {
    Bytes end;
    for (const WeightPlace& place : set.places) {
      if (place.offset < end || place.offset.value % kWeightAlignment.value != 0)
        fault(fmt::format("weights of the {}: {} lies at {}, behind what ends at {}", set.stage, place.name,
                          place.offset.value, end.value));
      end = place.offset + place.size;
    }
  }

  void check(const Task& task) {
    if (task.kind == OpKind::load_weights && !task.writes.empty()) check_load(task);
    if (task.loaded_weights) return check_use(task);
    if (!program_.weight_sets.empty() && uses_weights(task.kind) && index(task.rank) < program_.memory.size() &&
        program_.memory[index(task.rank)].weights.value == 0)
      fault(name_ + " has weights, its rank has none resident, and it names none that are loaded");
  }

  void check_load(const Task& task) {
    const BufferId id = task.writes.front().buffer;
    if (!holds_weights(id, task.rank)) return fault(name_ + " fills a buffer that is not there for weights");
    const Buffer& buffer = program_.buffer(id);
    const WeightSet& set = program_.weight_sets[index(*buffer.holds)];
    if (set.extent() > buffer.extent.size())
      fault(fmt::format("{} fills {} bytes of {}, which has {}", name_, set.extent().value, buffer.role,
                        buffer.extent.size().value));
    if (const auto* shape = std::get_if<BytesShape>(&task.shape); shape != nullptr && shape->size != set.content())
      fault(fmt::format("{} loads {} bytes, its weights have {}", name_, shape->size.value, set.content().value));
  }

  void check_use(const Task& task) {
    if (!uses_weights(task.kind)) return fault(name_ + " has no weights and names some that are loaded");
    if (!holds_weights(*task.loaded_weights, task.rank))
      fault(name_ + " has its weights in a buffer that is not there for its rank's weights");
  }

  bool holds_weights(BufferId id, Rank rank) const {
    if (index(id) >= program_.buffers.size()) return false;
    const Buffer& buffer = program_.buffer(id);
    return buffer.rank == rank && buffer.copies == 1 && buffer.holds &&
           index(*buffer.holds) < program_.weight_sets.size();
  }

  void fault(std::string message) { faults_.add(FaultKind::structure, std::move(message)); }

  const Program& program_;
  Faults& faults_;
  std::string name_;  // of the task at hand
};

}  // namespace

void check_loads(const Program& program, Faults& faults) { LoadCheck(program, faults).run(); }

}  // namespace pipedit::program
